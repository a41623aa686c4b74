package dev.slipstream.transform;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.tokens.TokenEstimate;
import dev.slipstream.codec.tokens.TokenEstimate.Family;
import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.exchange.RequestBody;
import dev.slipstream.exchange.WholeBody;
import dev.slipstream.failure.FailureKind;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts the tokens of a request where its provider does not: by an estimate, which the answer says it is. One per loop.
 *
 * <p>Clients ask for the same count again and again: the last {@value #KEPT} are kept, by the SHA-256 of the body and of
 * whose tokens they are.
 */
public final class TokenCounts {
    private static final int KEPT = 512;
    private static final int REPLY_BYTES = 64;
    private static final byte[] INPUT_TOKENS = "{\"input_tokens\":".getBytes(US_ASCII);
    private static final long UNREADABLE = -1;

    private final WholeBody wholeBody;
    private final Map<ByteBuffer, Long> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Long> eldest) {
            return size() > KEPT;
        }
    };
    private final MessageDigest sha256;

    public TokenCounts(WholeBody wholeBody) {
        this.wholeBody = wholeBody;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }

    /** Answers {@code exchange}, whose whole body is held, with the count as its client is to see it. Ends the exchange. */
    public void answer(Exchange exchange) {
        // Whoever answers counts: a GLM behind the name of a Claude is still one.
        Family family = Family.of(exchange.plan().firstModelJson(Dialect.ANTHROPIC));
        ByteBuffer digest = digestOf(exchange.body(), family);
        Long before = kept.get(digest);
        if (before != null) {
            reply(exchange, before);
        } else if (!wholeBody.read(exchange, new Counting(this, digest, family))) {
            LocalReply.fail(exchange, FailureKind.OVERLOADED, "Too many requests are being counted. Try again later.");
        }
    }

    private ByteBuffer digestOf(RequestBody body, Family family) {
        for (int i = 0; i < body.pieceCount(); i++) {
            ByteBuf piece = body.piece(i);
            for (ByteBuffer part : piece.nioBuffers()) {
                sha256.update(part);
            }
        }
        sha256.update(family.name().getBytes(US_ASCII));
        return ByteBuffer.wrap(sha256.digest());
    }

    private static void reply(Exchange exchange, long tokens) {
        TokenScale scale = exchange.plan().scale();
        ByteBuf body = exchange.loop().allocator().directBuffer(REPLY_BYTES);
        body.writeBytes(INPUT_TOKENS);
        body.writeCharSequence(Long.toString(scale.scaled(tokens)), US_ASCII);
        body.writeByte('}');
        LocalReply.sendEstimate(exchange, body);
    }

    private record Counting(TokenCounts counts, ByteBuffer digest, Family family) implements WholeBody.Reading<Long> {
        @Override
        public Long read(JsonTree body, JsonStatus status) {
            return status == JsonStatus.COMPLETE ? TokenEstimate.of(body, Dialect.ANTHROPIC, family) : UNREADABLE;
        }

        @Override
        public void done(Exchange exchange, Long tokens) {
            if (tokens == UNREADABLE) {
                LocalReply.fail(
                        exchange,
                        FailureKind.INVALID_JSON,
                        "The body holds too many values, or is nested too deeply, to be counted.");
                return;
            }
            counts.kept.put(digest, tokens);
            reply(exchange, tokens);
        }

        @Override
        public void discard(Long result) {}
    }
}
