package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonTree;
import java.util.Arrays;

/**
 * Blocks of Anthropic's dialect that tell of tools its servers run: the call and its result stand in the same answer, and
 * neither has a counterpart, so both go, and never half of a pair.
 */
final class ServerBlocks {
    private static final byte[] SERVER_TOOL_USE = ascii("server_tool_use");
    private static final byte[] MCP_TOOL_USE = ascii("mcp_tool_use");
    private static final byte[] CONTAINER_UPLOAD = ascii("container_upload");
    /** {@code web_search_tool_result}, {@code mcp_tool_result}, {@code bash_code_execution_tool_result}, and so on. */
    private static final byte[] TOOL_RESULT_SUFFIX = ascii("_tool_result");

    private ServerBlocks() {}

    /** Whether {@code type} names such a block. */
    static boolean is(JsonTree tree, int type) {
        return tree.textIs(type, SERVER_TOOL_USE)
                || tree.textIs(type, MCP_TOOL_USE)
                || tree.textIs(type, CONTAINER_UPLOAD)
                || endsWithToolResult(tree, type);
    }

    private static boolean endsWithToolResult(JsonTree tree, int type) {
        if (!tree.isString(type)) {
            return false;
        }
        int to = tree.end(type) - 1;
        int from = to - TOOL_RESULT_SUFFIX.length;
        return from > tree.start(type)
                && Arrays.equals(tree.text(), from, to, TOOL_RESULT_SUFFIX, 0, TOOL_RESULT_SUFFIX.length);
    }
}
