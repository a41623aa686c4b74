package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.json.JsonTree.ROOT;
import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tools of the OpenAI dialect, and which of them is to be called, as the Anthropic dialect says it; the deprecated {@code
 * functions} among them. One per request: {@link #read}, then {@link #write}.
 */
final class MessagesTools {
    private static final byte[] TRUE = ascii("true");

    /** What the client chose. */
    private enum Choice {
        UNSAID,
        AUTO,
        NONE,
        ANY,
        TOOL
    }

    private final JsonTree in;
    private final JsonOutput out;
    private final ProviderTraits to;
    private final ModelRules rules;
    private final TranslatedRequest request;

    /** The list that tools stand in, and whether its elements are the functions themselves. */
    private int tools;

    private boolean isLegacy;
    private @Nullable Set<String> allowed;
    private boolean hasTools;
    private Choice choice = Choice.UNSAID;
    private int forced = NONE;

    MessagesTools(JsonTree in, JsonOutput out, ProviderTraits to, ModelRules rules, TranslatedRequest request) {
        this.in = in;
        this.out = out;
        this.to = to;
        this.rules = rules;
        this.request = request;
    }

    // ------------------------------------------------------------------ reading

    /** Reads what was asked for. False: it was refused. */
    boolean read() {
        tools = in.member(ROOT, Keys.TOOLS);
        if (!in.isPresent(tools)) {
            tools = in.member(ROOT, Keys.FUNCTIONS);
            isLegacy = true;
        }
        if (in.isPresent(tools) && !in.isArray(tools)) {
            return refuse(tools, "must be a list");
        }
        int said = in.member(ROOT, Keys.TOOL_CHOICE);
        if (!in.isPresent(said)) {
            said = in.member(ROOT, Keys.FUNCTION_CALL);
        }
        if (!readChoice(said)) {
            return false;
        }
        for (int tool = in.first(tools); tool != NONE; tool = in.next(tools, tool)) {
            int type = in.member(tool, Keys.TYPE);
            int name = in.member(functionOf(tool), Keys.NAME);
            if (!in.isObject(tool)) {
                return refuse(tool, "a tool must be an object");
            }
            if (in.textIs(type, Keys.CUSTOM)) {
                return refuse(type, "this model's provider takes functions only");
            }
            if (isFunction(tool)) {
                if (!in.isString(name) || in.isEmptyString(name)) {
                    return refuse(tool, "a function must have a name");
                }
                hasTools |= isAllowed(name);
            }
        }
        if (!hasTools || (!to.namedToolChoice() && isForced())) {
            choice = hasTools ? Choice.AUTO : Choice.UNSAID;
        }
        return true;
    }

    private boolean refuse(int value, String why) {
        return Refusal.of(request, Dialect.OPENAI, in, value, why);
    }

    private boolean readChoice(int said) {
        if (in.isString(said)) {
            return readWord(said);
        }
        if (!in.isObject(said)) {
            return true;
        }
        int type = in.member(said, Keys.TYPE);
        if (in.textIs(type, Keys.ALLOWED_TOOLS)) {
            int inner = in.member(said, Keys.ALLOWED_TOOLS);
            int subset = inner == NONE ? said : inner;
            allow(in.member(subset, Keys.TOOLS));
            choice = in.textIs(in.member(subset, Keys.MODE), Keys.REQUIRED) ? Choice.ANY : Choice.AUTO;
            return true;
        }
        forced = in.member(
                in.isObject(in.member(said, Keys.FUNCTION)) ? in.member(said, Keys.FUNCTION) : said, Keys.NAME);
        choice = Choice.TOOL;
        return (in.isString(forced) && !in.isEmptyString(forced)) || refuse(said, "names no function");
    }

    private boolean readWord(int word) {
        if (in.textIs(word, Keys.AUTO)) {
            choice = Choice.AUTO;
        } else if (in.textIs(word, Keys.NONE)) {
            choice = Choice.NONE;
        } else if (in.textIs(word, Keys.REQUIRED)) {
            choice = Choice.ANY;
        } else {
            return refuse(word, "must be auto, none, required or an object");
        }
        return true;
    }

    private void allow(int subset) {
        Set<String> names = new HashSet<>();
        if (in.isArray(subset)) {
            for (int tool = in.first(subset); tool != NONE; tool = in.next(subset, tool)) {
                int inner = in.member(tool, Keys.FUNCTION);
                int name = in.member(inner == NONE ? tool : inner, Keys.NAME);
                if (in.isString(name)) {
                    names.add(in.string(name));
                }
            }
        }
        allowed = names;
    }

    /** Tools that a vendor's servers run have no counterpart. */
    private boolean isFunction(int tool) {
        return isLegacy || in.textIs(in.member(tool, Keys.TYPE), Keys.FUNCTION);
    }

    private int functionOf(int tool) {
        return isLegacy ? tool : in.member(tool, Keys.FUNCTION);
    }

    private boolean isAllowed(int name) {
        return allowed == null || allowed.contains(in.string(name));
    }

    /** Whether the model is made to call a tool. */
    boolean isForced() {
        return choice == Choice.ANY || choice == Choice.TOOL;
    }

    // ------------------------------------------------------------------ writing

    /** Appends the members {@code tools} and {@code tool_choice}, as far as they are needed. */
    void write(MessagesContent content) {
        if (!hasTools) {
            return;
        }
        out.key(Keys.TOOLS).raw('[');
        for (int tool = in.first(tools); tool != NONE; tool = in.next(tools, tool)) {
            int function = functionOf(tool);
            int name = in.member(function, Keys.NAME);
            if (!isFunction(tool) || !isAllowed(name)) {
                continue;
            }
            out.comma().raw('{').key(Keys.NAME);
            request.toolNames().write(out, in, name, to.maxToolNameChars());
            int description = in.member(function, Keys.DESCRIPTION);
            if (in.isString(description) && !in.isEmptyString(description)) {
                out.key(Keys.DESCRIPTION).value(in, description);
            }
            Schemas.input(out.key(Keys.INPUT_SCHEMA), in, in.member(function, Keys.PARAMETERS));
            if (rules.strictTools(to) && in.isTrue(in.member(function, Keys.STRICT))) {
                out.key(Keys.STRICT).raw(TRUE);
            }
            content.cacheControl(in.member(tool, Keys.CACHE_CONTROL) == NONE ? function : tool);
            out.raw('}');
        }
        out.raw(']');
        writeChoice();
    }

    private void writeChoice() {
        boolean isSingle = in.isFalse(in.member(ROOT, Keys.PARALLEL_TOOL_CALLS)) && choice != Choice.NONE;
        byte[] type = switch (choice) {
            case UNSAID, AUTO -> Keys.AUTO;
            case NONE -> Keys.NONE;
            case ANY -> Keys.ANY;
            case TOOL -> Keys.TOOL;
        };
        if (choice == Choice.UNSAID && !isSingle) {
            return;
        }
        out.key(Keys.TOOL_CHOICE).raw('{').key(Keys.TYPE).raw('"').raw(type).raw('"');
        if (choice == Choice.TOOL) {
            request.toolNames().write(out.key(Keys.NAME), in, forced, to.maxToolNameChars());
        }
        if (isSingle) {
            out.key(Keys.DISABLE_PARALLEL).raw(TRUE);
        }
        out.raw('}');
    }
}
