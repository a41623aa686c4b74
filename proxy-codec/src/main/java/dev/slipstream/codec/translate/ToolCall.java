package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonTree;

/** A tool call of a stream, as far as its fragments have told. Reused. */
final class ToolCall {
    /** No index was told. */
    static final long NO_INDEX = -1;

    /** How the client knows it; empty while the provider has not told. */
    final EscapedText id = new EscapedText();

    /** What the client calls the tool; empty while the provider has not told. */
    final EscapedText name = new EscapedText();

    /** Arguments that came before the block could be opened. */
    final EscapedText held = new EscapedText();

    final ArgumentsScan arguments = new ArgumentsScan();

    /** Where it stands among the answer's calls. */
    long index = NO_INDEX;

    /** Whether its block was opened. */
    boolean opened;

    /** Whether the client was told any of the arguments. */
    boolean told;

    /** The deprecated {@code function_call}, which has no id. */
    boolean withoutId;

    void reset() {
        id.reset();
        name.reset();
        held.reset();
        arguments.reset();
        index = NO_INDEX;
        opened = false;
        told = false;
        withoutId = false;
    }

    /** Whether its block can be opened; an id may come behind the name, but not behind all of the arguments. */
    boolean isReady() {
        return !opened && !name.isEmpty() && (!id.isEmpty() || withoutId || arguments.isComplete());
    }

    /** Whether nothing was told of it that a call is made of: noise of some providers. */
    boolean isNoise() {
        return name.isEmpty() && held.isEmpty();
    }

    /** Whether {@code node}, an id as the provider sent it, is this one's. */
    boolean hasId(JsonTree tree, int node) {
        int from = tree.start(node) + 1;
        int length = tree.end(node) - 1 - from;
        if (length != id.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (id.bytes()[i] != MessageIds.legal(tree.text()[from + i])) {
                return false;
            }
        }
        return true;
    }
}
