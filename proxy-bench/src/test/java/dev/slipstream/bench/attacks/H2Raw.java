package dev.slipstream.bench.attacks;

import dev.slipstream.bench.rawh2.RawFrame;
import dev.slipstream.bench.rawh2.RawHeaderBlock;
import java.util.Arrays;

/** Requests of HTTP/2 as frames, well-formed unless the caller sees to it. As {@link Raw} has them otherwise. */
final class H2Raw {
    static final String PATH = "/v1/chat/completions";
    static final String AUTHORITY = "slip.test";

    private H2Raw() {}

    /** The usual pseudo fields and nothing else. */
    static RawHeaderBlock pseudo() {
        return RawHeaderBlock.request("POST", "http", AUTHORITY, PATH);
    }

    /** A chat request's head: the usual pseudo fields, key, content type, then {@code more}. */
    static RawHeaderBlock head(String... more) {
        return usual(pseudo()).fields(more);
    }

    /** The same with these pseudo fields instead. */
    static RawHeaderBlock withPseudo(String... namesAndValues) {
        return usual(new RawHeaderBlock().fields(namesAndValues));
    }

    static RawHeaderBlock usual(RawHeaderBlock block) {
        return block.field("authorization", "Bearer " + Raw.KEY).field("content-type", "application/json");
    }

    /** A head and the usual body behind it. */
    static RawFrame[] frames(int stream, RawHeaderBlock head) {
        return frames(stream, head, Raw.BODY);
    }

    static RawFrame[] frames(int stream, RawHeaderBlock head, String body) {
        return new RawFrame[] {RawFrame.headers(stream, false, head.bytes()), RawFrame.data(stream, true, body)};
    }

    /** A whole good request, and {@code more} fields. */
    static RawFrame[] post(int stream, String... more) {
        return frames(stream, head(more));
    }

    /** A request whose answer is left to a script of the provider's. */
    static RawFrame[] scripted(int stream, String script) {
        return post(stream, "x-client-request-id", script);
    }

    /** A head alone, the body to come. */
    static RawFrame open(int stream, String... more) {
        return RawFrame.headers(stream, false, head(more).bytes());
    }

    static RawFrame[] joined(RawFrame[] first, RawFrame... more) {
        RawFrame[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
