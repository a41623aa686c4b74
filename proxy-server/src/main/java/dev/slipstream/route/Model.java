package dev.slipstream.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.tokens.TokenScale;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A configured model: its name, and its targets as each kind of client is to try them. Immutable once linked. */
final class Model {
    private final String name;
    private final byte[] key;
    private final boolean wildcard;
    private final Target[] openai;
    private final Target[] anthropic;
    private final Target[] openaiFirst;
    private final Target[] anthropicFirst;
    private final TokenScale scale;
    private @Nullable Model vision;

    Model(String name, List<Target> targets, TokenScale scale) {
        this.name = name;
        this.wildcard = name.endsWith("*");
        this.key = (wildcard ? name.substring(0, name.length() - 1) : name).getBytes(UTF_8);
        this.openai = of(targets, Dialect.OPENAI);
        this.anthropic = of(targets, Dialect.ANTHROPIC);
        this.openaiFirst = concat(openai, anthropic);
        this.anthropicFirst = concat(anthropic, openai);
        this.scale = scale;
    }

    private static Target[] of(List<Target> targets, Dialect dialect) {
        return targets.stream()
                .filter(target -> target.provider().dialect() == dialect)
                .toArray(Target[]::new);
    }

    private static Target[] concat(Target[] first, Target[] second) {
        Target[] all = new Target[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** Where requests with images go instead; set once, while the table is built. */
    void setVision(Model model) {
        vision = model;
    }

    @Nullable
    Model vision() {
        return vision;
    }

    /** The configured name, with its {@code *}. */
    String name() {
        return name;
    }

    /** The name, less its {@code *}. */
    @SuppressWarnings("MutableGetter")
    byte[] key() {
        return key;
    }

    boolean isWildcard() {
        return wildcard;
    }

    /** Those of {@code dialect} alone. */
    @SuppressWarnings("MutableGetter")
    Target[] targets(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> openai;
            case ANTHROPIC -> anthropic;
        };
    }

    /** All, those of {@code dialect} first. */
    @SuppressWarnings("MutableGetter")
    Target[] targetsFrom(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> openaiFirst;
            case ANTHROPIC -> anthropicFirst;
        };
    }

    /** How the input tokens are scaled that its clients see. */
    TokenScale scale() {
        return scale;
    }
}
