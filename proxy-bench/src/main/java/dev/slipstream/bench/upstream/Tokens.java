package dev.slipstream.bench.upstream;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The made-up text of answers: the same words always, so that whole and streamed answers can be compared. */
final class Tokens {
    private static final List<String> WORDS = List.of(
            "This",
            " is",
            " a",
            " simulated",
            " answer,",
            " made",
            " of",
            " plain",
            " words",
            " that",
            " arrive",
            " one",
            " by",
            " one.",
            "\n");
    private static final List<String> UNICODE_WORDS =
            List.of("Grüße", " aus", " 東京", " 🚀", " Ωmega", " \"quoted\"", " back\\slash", " été", "\n");

    /** Where a token's time goes: digits enough for {@code System.nanoTime()}, and in no id. */
    static final String STAMP = Long.toString(Long.MAX_VALUE);

    private final List<String> words;
    /** Bytes of each token; 0: the words as they are. */
    private final int tokenBytes;

    Tokens(boolean unicode, int tokenBytes) {
        this(unicode ? UNICODE_WORDS : WORDS, tokenBytes);
    }

    private Tokens(List<String> words, int tokenBytes) {
        this.words = words;
        this.tokenBytes = tokenBytes;
    }

    /** Each token is {@link #STAMP}; a stream writes the time over it. */
    static Tokens stamps() {
        return new Tokens(List.of(STAMP), 0);
    }

    String token(int index) {
        String word = words.get(index % words.size());
        if (tokenBytes == 0) {
            return word;
        }
        // Of an exact size: words that are not ASCII, or would need escapes, make way for a plain one.
        StringBuilder sized = new StringBuilder(tokenBytes);
        String seed = word.getBytes(StandardCharsets.UTF_8).length == word.length() ? word.strip() : "token";
        sized.append(' ').append(seed);
        while (sized.length() < tokenBytes) {
            sized.append('x');
        }
        sized.setLength(tokenBytes);
        return sized.toString();
    }

    /** All of the first {@code count} tokens. */
    String text(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(token(i));
        }
        return text.toString();
    }

    /** How many different tokens there are: token(i) equals token(i % period()). */
    int period() {
        return words.size();
    }
}
