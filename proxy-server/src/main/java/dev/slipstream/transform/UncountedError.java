package dev.slipstream.transform;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.StreamTranslator.Progress;

/**
 * An error to a request that asks for a count of tokens. Where the provider says that it does not know the model, that is
 * what the client is told, byte for byte; else it does not know how to count, which is told by {@link Progress#FAILED}.
 */
final class UncountedError extends TranslatedError {
    private static final byte[] ERROR = "error".getBytes(US_ASCII);
    private static final byte[] TYPE = "type".getBytes(US_ASCII);
    private static final byte[] MESSAGE = "message".getBytes(US_ASCII);
    private static final byte[] NOT_FOUND = "not_found_error".getBytes(US_ASCII);

    UncountedError(int status) {
        super(status);
    }

    @Override
    public Progress onEnd(JsonOutput out) {
        super.onEnd(out);
        JsonTree document = new JsonTree();
        document.append(body(), 0, length());
        if (document.parse() != JsonStatus.COMPLETE) {
            return Progress.FAILED;
        }
        int error = document.member(JsonTree.ROOT, ERROR);
        int message = document.member(error, MESSAGE);
        // Of a path that is not there, Anthropic's own type says it too; the model is named by the message alone.
        boolean isModel = document.textIs(document.member(error, TYPE), NOT_FOUND)
                && document.isString(message)
                && document.string(message).startsWith("model");
        if (!isModel) {
            return Progress.FAILED;
        }
        out.raw(body(), 0, length());
        return Progress.DONE;
    }
}
