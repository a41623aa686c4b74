package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonOutput;

/**
 * Translates a provider's stream of events into the client's dialect, event by event. What it appends are whole events
 * with their framing, so that between two calls the client's stream is always at a boundary.
 *
 * <p>A stream ends in exactly one of: {@link Progress#DONE}, behind which nothing may follow, or {@link #fail}.
 */
public interface StreamTranslator {
    /** What an event, or the end, came to. */
    enum Progress {
        /** The stream goes on. */
        MORE,
        /** The answer is complete, and all of it was appended. What the provider still sends is of no interest. */
        DONE,
        /** The provider told of an error, or broke the stream: {@link #error()} says which. Nothing was appended. */
        FAILED
    }

    /**
     * Makes ready for the next stream.
     *
     * @param request what was asked; borrowed until the stream has ended
     * @param id made up for the client where the provider sends none; letters, digits, dashes and underscores
     * @param createdSeconds the time, in seconds of Unix time
     */
    void start(TranslatedRequest request, String id, long createdSeconds);

    /**
     * The data of an event are complete: {@code data[from, to)}, JSON or {@code [DONE]}. Appends what the client is told
     * to {@code out}.
     *
     * @param name the event's name in ASCII, or an empty string
     */
    Progress onEvent(String name, byte[] data, int from, int to, JsonOutput out);

    /** The provider's body came to its end, well framed. Appends what the client is still to be told. */
    Progress onEnd(JsonOutput out);

    /**
     * Ends the client's stream with {@code error}: closes what is open, and appends an error event. Only where
     * {@link #isStarted()}; before, the client is told by a status.
     */
    void fail(ProviderError error, String requestId, JsonOutput out);

    /** Bytes of the provider's that could not be told yet, and wait on the heap: text, arguments, ids and names. */
    int heldBytes();

    /** Whether anything was appended. */
    boolean isStarted();

    /** Why it {@linkplain Progress#FAILED failed}. */
    ProviderError error();
}
