package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonTree;
import org.jspecify.annotations.Nullable;

/** An error as a provider told it, in any of the shapes that occur, and as clients of either dialect are told. Reused. */
public final class ProviderError {
    private int status;
    private String message = "";
    private @Nullable String code;
    private @Nullable String param;

    /** An error of our own making. */
    public ProviderError set(int status, String message, @Nullable String code) {
        this.status = status;
        this.message = message;
        this.code = code;
        this.param = null;
        return this;
    }

    /** Whether {@code document}, which came with a status of success, is an error all the same. */
    public static boolean isError(JsonTree document) {
        return document.isPresent(document.member(JsonTree.ROOT, Names.ERROR));
    }

    /** The status to answer with. */
    public int status() {
        return status;
    }

    public String message() {
        return message;
    }

    /** The provider's own word or number for it; null where it sent none. */
    public @Nullable String code() {
        return code;
    }

    public @Nullable String param() {
        return param;
    }
}
