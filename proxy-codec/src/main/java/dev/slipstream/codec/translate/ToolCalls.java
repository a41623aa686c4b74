package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of a stream, and which of them a fragment belongs to. Providers differ: an index or none, an id on the
 * first fragment, on all, or another one on each, a name once or again and again. Reused.
 */
final class ToolCalls {
    /** More calls in one answer fail it. */
    static final int MAX_CALLS = 128;

    /** A longer id or name is as good as none. */
    private static final int MAX_NAME_BYTES = 16 * 1024;

    /** What a reset keeps. */
    private static final int KEPT_CALLS = 8;

    private final JsonOutput scratch = new JsonOutput();
    private ToolCall[] calls = new ToolCall[0];
    private int count;
    private int nameBytes;
    /** Names of tools that the provider knows by another; they are given back. */
    private ToolNames names = new ToolNames();

    void reset(ToolNames names) {
        this.names = names;
        if (calls.length > KEPT_CALLS) {
            calls = new ToolCall[0];
        }
        count = 0;
        nameBytes = 0;
    }

    /** Bytes of the ids and names of all calls. */
    int nameBytes() {
        return nameBytes;
    }

    int count() {
        return count;
    }

    ToolCall get(int i) {
        return calls[i];
    }

    /** The first call whose block can be opened now. */
    @Nullable
    ToolCall firstReady() {
        for (int i = 0; i < count; i++) {
            if (calls[i].isReady()) {
                return calls[i];
            }
        }
        return null;
    }

    /** Whether any call that the client sees has arguments that began and did not end. */
    boolean anyTorn() {
        for (int i = 0; i < count; i++) {
            if (calls[i].arguments.isTorn()) {
                return true;
            }
        }
        return false;
    }

    /** Whether arguments came for a call that was never named. */
    boolean anyNameless() {
        for (int i = 0; i < count; i++) {
            if (calls[i].name.isEmpty() && !calls[i].held.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is a call that the client sees. */
    boolean any() {
        for (int i = 0; i < count; i++) {
            if (!calls[i].name.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /**
     * The call that {@code fragment}, an element of {@code tool_calls}, belongs to, its id and name learnt where they
     * were not known; null where that makes too many.
     */
    @Nullable
    ToolCall of(JsonTree tree, int fragment) {
        int id = tree.member(fragment, CompletionNames.ID);
        int function = tree.member(fragment, CompletionNames.FUNCTION);
        int name = tree.member(function, CompletionNames.NAME);
        boolean hasId = CompletionNames.isId(tree, id) && isShort(tree, id);
        boolean hasName = CompletionNames.isText(tree, name) && isShort(tree, name);
        long index = tree.integer(tree.member(fragment, CompletionNames.INDEX), ToolCall.NO_INDEX);
        id = hasId ? id : JsonTree.NONE;
        name = hasName ? name : JsonTree.NONE;
        int arguments = tree.member(function, CompletionNames.ARGUMENTS);
        boolean hasArguments = CompletionNames.isText(tree, arguments) || tree.isObject(arguments);
        ToolCall call = index >= 0 ? withIndex(tree, index, id, name, hasArguments) : withoutIndex(tree, id, name);
        if (call == null) {
            return null;
        }
        if (hasId && call.id.isEmpty()) {
            learnId(call, tree, id);
        }
        if (hasName && call.name.isEmpty()) {
            learnName(call, tree, name);
        }
        return call;
    }

    private static boolean isShort(JsonTree tree, int text) {
        return tree.end(text) - tree.start(text) <= MAX_NAME_BYTES;
    }

    /** The one call that the deprecated {@code function_call} is; null where that makes too many. */
    @Nullable
    ToolCall ofFunction(JsonTree tree, int function) {
        ToolCall call = null;
        for (int i = 0; i < count; i++) {
            if (calls[i].withoutId) {
                call = calls[i];
            }
        }
        if (call == null) {
            call = add(ToolCall.NO_INDEX);
            if (call == null) {
                return null;
            }
            call.withoutId = true;
        }
        int name = tree.member(function, CompletionNames.NAME);
        if (CompletionNames.isText(tree, name) && isShort(tree, name) && call.name.isEmpty()) {
            learnName(call, tree, name);
        }
        return call;
    }

    private @Nullable ToolCall withIndex(JsonTree tree, long index, int id, int name, boolean hasArguments) {
        for (int i = count - 1; i >= 0; i--) {
            ToolCall call = calls[i];
            if (call.index == index) {
                // An id that changes from fragment to fragment is still the same call. But Google's endpoint gives
                // every
                // call the index 0: another id then, a name again, and either another one, or arguments from their
                // beginning behind those that are complete.
                boolean isAnother = id != JsonTree.NONE
                        && name != JsonTree.NONE
                        && !call.id.isEmpty()
                        && !hasId(call, tree, id)
                        && ((call.arguments.isComplete() && hasArguments) || !hasName(call, tree, name));
                return isAnother ? add(index) : call;
            }
        }
        return add(index);
    }

    private @Nullable ToolCall withoutIndex(JsonTree tree, int id, int name) {
        ToolCall last = count == 0 ? null : calls[count - 1];
        if (last == null) {
            return add(ToolCall.NO_INDEX);
        }
        if (id != JsonTree.NONE) {
            for (int i = count - 1; i >= 0; i--) {
                if (hasId(calls[i], tree, id)) {
                    return calls[i];
                }
            }
            return last.id.isEmpty() && name == JsonTree.NONE ? last : add(ToolCall.NO_INDEX);
        }
        boolean isAnother = name != JsonTree.NONE
                && !last.name.isEmpty()
                && (last.arguments.isComplete() || !hasName(last, tree, name));
        return isAnother ? add(ToolCall.NO_INDEX) : last;
    }

    private @Nullable ToolCall add(long index) {
        if (count == MAX_CALLS) {
            return null;
        }
        if (count == calls.length) {
            ToolCall[] more = new ToolCall[Math.max(2, 2 * count)];
            System.arraycopy(calls, 0, more, 0, count);
            for (int i = count; i < more.length; i++) {
                more[i] = new ToolCall();
            }
            calls = more;
        }
        ToolCall call = calls[count++];
        call.reset();
        call.index = index;
        return call;
    }

    private void learnId(ToolCall call, JsonTree tree, int id) {
        writeId(tree, id);
        call.id.append(scratch.bytes(), 0, scratch.length());
        nameBytes += scratch.length();
    }

    private boolean hasId(ToolCall call, JsonTree tree, int id) {
        writeId(tree, id);
        return call.id.is(scratch.bytes(), 0, scratch.length());
    }

    private void writeId(JsonTree tree, int id) {
        scratch.reset(false);
        MessageIds.call(scratch, tree, id, "", 0);
    }

    /** Gives {@code call} an id that the provider did not. */
    void makeUpId(ToolCall call, String madeUp) {
        int number = 0;
        while (calls[number] != call) {
            number++;
        }
        scratch.reset(false);
        MessageIds.madeUpCall(scratch, madeUp, number);
        call.id.append(scratch.bytes(), 0, scratch.length());
        nameBytes += scratch.length();
    }

    private void learnName(ToolCall call, JsonTree tree, int name) {
        write(tree, name);
        call.name.append(scratch.bytes(), 0, scratch.length());
        nameBytes += scratch.length();
    }

    private boolean hasName(ToolCall call, JsonTree tree, int name) {
        write(tree, name);
        return call.name.is(scratch.bytes(), 0, scratch.length());
    }

    private void write(JsonTree tree, int name) {
        scratch.reset(false);
        writeName(scratch, tree, name, names);
    }

    /** Appends what the client calls the tool {@code name}, without quotes. */
    static void writeName(JsonOutput out, JsonTree tree, int name, ToolNames names) {
        if (names.isEmpty()) {
            out.content(tree, name);
        } else {
            out.escaped(names.originalOf(tree.string(name)));
        }
    }

    /** Arguments that came as an object, written as the text they should have been. */
    JsonOutput asText(JsonTree tree, int object) {
        scratch.reset(false);
        return scratch.embedded(tree, object);
    }
}
