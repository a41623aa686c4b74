package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/** Tools of the Anthropic dialect, and which of them is to be called, as the OpenAI dialect says it. One per request. */
final class ChatTools {
    private static final byte[] FUNCTION_TOOL = ascii("{\"type\":\"function\",\"function\":{\"name\":");
    private static final byte[] NAMED_CHOICE = ascii("{\"type\":\"function\",\"function\":{\"name\":");
    private static final byte[] STRICT_TRUE = ascii(",\"strict\":true");
    private static final byte[] FALSE = ascii("false");

    private final JsonTree in;
    private final JsonOutput out;
    private final ProviderTraits to;
    private final ModelRules rules;
    private final TranslatedRequest request;

    ChatTools(JsonTree in, JsonOutput out, ProviderTraits to, ModelRules rules, TranslatedRequest request) {
        this.in = in;
        this.out = out;
        this.to = to;
        this.rules = rules;
        this.request = request;
    }

    /** Appends the members {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}, as far as they are needed. */
    boolean write() {
        int tools = in.member(JsonTree.ROOT, Keys.TOOLS);
        int choice = in.member(JsonTree.ROOT, Keys.TOOL_CHOICE);
        if (in.isPresent(tools) && !in.isArray(tools)) {
            return Refusal.of(request, Dialect.ANTHROPIC, in, tools, "must be a list");
        }
        int type = in.member(choice, Keys.TYPE);
        boolean isNone = in.textIs(type, Keys.NONE);
        if (isNone && !to.namedToolChoice()) {
            // Only auto is understood: what is not there cannot be called.
            return true;
        }
        int before = out.length();
        out.key(Keys.TOOLS).raw('[');
        boolean hasTools = false;
        boolean hasForced = false;
        int forced = in.textIs(type, Keys.TOOL) ? in.member(choice, Keys.NAME) : NONE;
        for (int tool = in.first(tools); tool != NONE; tool = in.next(tools, tool)) {
            if (!isFunction(tool)) {
                continue;
            }
            if (!tool(tool)) {
                return false;
            }
            hasTools = true;
            hasForced |= forced != NONE
                    && in.isString(forced)
                    && in.string(forced).equals(in.string(in.member(tool, Keys.NAME)));
        }
        out.raw(']');
        if (forced != NONE && !hasForced) {
            return Refusal.of(
                    request,
                    Dialect.ANTHROPIC,
                    in,
                    choice,
                    "name",
                    "no tool of this name that the provider can be told");
        }
        if (!hasTools) {
            out.truncate(before);
            return true;
        }
        choice(choice, type, forced);
        return true;
    }

    /** Tools with a date in their type are run by Anthropic's servers, or known to its models alone. */
    private boolean isFunction(int tool) {
        int type = in.member(tool, Keys.TYPE);
        return !in.isPresent(type) || in.textIs(type, Keys.CUSTOM);
    }

    private boolean tool(int tool) {
        int name = in.member(tool, Keys.NAME);
        if (!in.isString(name) || in.isEmptyString(name)) {
            return Refusal.of(request, Dialect.ANTHROPIC, in, tool, "a tool must be an object with a name");
        }
        out.comma().raw(FUNCTION_TOOL);
        request.toolNames().write(out, in, name, to.maxToolNameChars());
        int description = in.member(tool, Keys.DESCRIPTION);
        if (in.isString(description)) {
            out.key(Keys.DESCRIPTION).value(in, description);
        }
        Schemas.input(out.key(Keys.PARAMETERS), in, in.member(tool, Keys.INPUT_SCHEMA));
        if (rules.strictTools(to) && in.isTrue(in.member(tool, Keys.STRICT))) {
            out.raw(STRICT_TRUE);
        }
        out.raw('}').raw('}');
        return true;
    }

    private void choice(int choice, int type, int forced) {
        boolean isAny = in.textIs(type, Keys.ANY);
        if (in.textIs(type, Keys.AUTO) || ((isAny || forced != NONE) && !to.namedToolChoice())) {
            word(Keys.AUTO);
        } else if (isAny) {
            word(Keys.REQUIRED);
        } else if (in.textIs(type, Keys.NONE)) {
            word(Keys.NONE);
        } else if (forced != NONE) {
            out.key(Keys.TOOL_CHOICE).raw(NAMED_CHOICE);
            request.toolNames().write(out, in, forced, to.maxToolNameChars());
            out.raw('}').raw('}');
        }
        if (in.isTrue(in.member(choice, Keys.DISABLE_PARALLEL))
                && !in.textIs(type, Keys.NONE)
                && rules.parallelSwitch()) {
            out.key(Keys.PARALLEL_TOOL_CALLS).raw(FALSE);
        }
    }

    private void word(byte[] word) {
        out.key(Keys.TOOL_CHOICE).raw('"').raw(word).raw('"');
    }
}
