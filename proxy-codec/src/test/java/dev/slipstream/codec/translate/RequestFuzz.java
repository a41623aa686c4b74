package dev.slipstream.codec.translate;

import static dev.slipstream.codec.Dialect.ANTHROPIC;
import static dev.slipstream.codec.Dialect.OPENAI;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must hold of any bytes that are translated as a request. */
final class RequestFuzz {
    private RequestFuzz() {}

    /** Gives back whether it was an acceptable request that was translated. */
    static boolean translate(byte[] request, Dialect from, ProviderTraits to) {
        Translating one = new Translating();
        JsonTree tree = one.tree();
        tree.append(request, 0, request.length);
        if (tree.parse() != JsonStatus.COMPLETE || !tree.isObject(JsonTree.ROOT)) {
            return false;
        }
        Images.in(tree);
        if (!one.translateTree(from, to, Translating.MODEL)) {
            return false;
        }
        @Nullable Object before;
        try {
            before = StrictJson.read(request);
        } catch (IOException e) {
            // Bytes that are no UTF-8, say: they are copied as they are.
            return false;
        }
        Map<String, Object> after = one.document();
        if (!isAccepted(before, from)) {
            return false;
        }
        try {
            check(after, from == OPENAI ? ANTHROPIC : OPENAI, to);
        } catch (Checks.Rejected e) {
            throw new AssertionError(to.vendor() + ": " + after, e);
        }
        return true;
    }

    private static boolean isAccepted(@Nullable Object request, Dialect dialect) {
        try {
            switch (dialect) {
                case ANTHROPIC -> MessagesRequestValidator.check(request, ProviderTraits.ANTHROPIC);
                case OPENAI -> ChatRequestValidator.checkOfClient(request);
            }
            return true;
        } catch (Checks.Rejected e) {
            return false;
        }
    }

    private static void check(@Nullable Object request, Dialect dialect, ProviderTraits traits) {
        switch (dialect) {
            case ANTHROPIC -> MessagesRequestValidator.check(request, traits);
            case OPENAI -> ChatRequestValidator.check(request, traits);
        }
    }
}
