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
import dev.slipstream.loop.OffLoop;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    /** Large bodies are looked up and kept by the thread that reads them. */
    private final Map<ByteBuffer, Long> kept = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Long> eldest) {
            return size() > KEPT;
        }
    });

    private final MessageDigest sha256 = newDigest();

    public TokenCounts(WholeBody wholeBody) {
        this.wholeBody = wholeBody;
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }

    /** Answers {@code exchange}, whose whole body is held, with the count as its client is to see it. Ends the exchange. */
    public void answer(Exchange exchange) {
        // Whoever answers counts: a GLM behind the name of a Claude is still one.
        Family family = Family.of(exchange.plan().firstModelJson(Dialect.ANTHROPIC));
        RequestBody body = exchange.body();
        ByteBuffer digest = body.heldBytes() < OffLoop.FROM_BYTES ? digestOf(body, family) : null;
        Long before = digest == null ? null : kept.get(digest);
        long maxWaitNanos = exchange.config().config().timeouts().poolWaitNanos();
        if (before != null) {
            reply(exchange, before);
        } else if (!wholeBody.read(exchange, maxWaitNanos, new Counting(kept, digest, family))) {
            LocalReply.fail(exchange, FailureKind.OVERLOADED, "Too many requests are being counted. Try again later.");
        }
    }

    private ByteBuffer digestOf(RequestBody body, Family family) {
        for (int i = 0; i < body.pieceCount(); i++) {
            for (ByteBuffer part : body.piece(i).nioBuffers()) {
                sha256.update(part);
            }
        }
        return digestOf(sha256, family);
    }

    private static ByteBuffer digestOf(MessageDigest bodySeen, Family family) {
        bodySeen.update(family.name().getBytes(US_ASCII));
        return ByteBuffer.wrap(bodySeen.digest());
    }

    private static void reply(Exchange exchange, long tokens) {
        TokenScale scale = exchange.plan().scale();
        ByteBuf body = exchange.loop().allocator().directBuffer(REPLY_BYTES);
        body.writeBytes(INPUT_TOKENS);
        body.writeCharSequence(Long.toString(scale.scaled(tokens)), US_ASCII);
        body.writeByte('}');
        LocalReply.sendEstimate(exchange, body);
    }

    /** @param digest of the body; null of one that is too large to be gone through on a loop */
    private record Counting(
            Map<ByteBuffer, Long> kept, @Nullable ByteBuffer digest, Family family) implements WholeBody.Reading<Long> {
        @Override
        public Long read(JsonTree body, JsonStatus status) {
            if (status != JsonStatus.COMPLETE) {
                return UNREADABLE;
            }
            ByteBuffer key = digest;
            if (key == null) {
                MessageDigest seen = newDigest();
                seen.update(body.text(), 0, body.length());
                key = digestOf(seen, family);
            }
            Long before = kept.get(key);
            long tokens = before != null ? before : TokenEstimate.of(body, Dialect.ANTHROPIC, family);
            kept.put(key, tokens);
            return tokens;
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
            reply(exchange, tokens);
        }

        @Override
        public void discard(Long result) {}
    }
}
