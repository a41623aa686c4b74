package dev.slipstream.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeaderName;
import dev.slipstream.route.Endpoint;
import dev.slipstream.route.EndpointPath;
import java.util.Arrays;

/** Which dialect a client speaks whose path does not tell. */
final class ClientDialect {
    private static final byte[] CLAUDE_CODE = "claude-cli".getBytes(US_ASCII);

    private ClientDialect() {}

    /**
     * Whether it is Anthropic's: the path lies under {@code /v1/messages}, or there is an {@code anthropic-version}. Both
     * dialects list models under one path, so there also a key as Anthropic's clients send it, or Claude Code's name, tells.
     */
    static boolean isAnthropic(EndpointPath path, FlatHead head) {
        if (path.isUnderMessages() || head.find(HeaderName.ANTHROPIC_VERSION) >= 0) {
            return true;
        }
        if (path.endpoint() != Endpoint.MODELS && path.endpoint() != Endpoint.MODEL) {
            return false;
        }
        boolean hasItsKey = head.find(HeaderName.X_API_KEY) >= 0 && head.find(HeaderName.AUTHORIZATION) < 0;
        return hasItsKey || isClaudeCode(head);
    }

    private static boolean isClaudeCode(FlatHead head) {
        int agent = head.find(HeaderName.USER_AGENT);
        if (agent < 0) {
            return false;
        }
        int start = head.valueStart(agent);
        int end = Math.min(head.valueEnd(agent), start + CLAUDE_CODE.length);
        return Arrays.equals(head.array(), start, end, CLAUDE_CODE, 0, CLAUDE_CODE.length);
    }
}
