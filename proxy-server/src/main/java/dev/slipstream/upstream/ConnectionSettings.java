package dev.slipstream.upstream;

/**
 * What every connection to a provider keeps to.
 *
 * @param headerBytes the most a response head may have
 * @param headerFields the most fields it may have
 * @param streamWindowBytes the most a provider may send on one HTTP/2 stream ahead of the client's reading
 */
public record ConnectionSettings(int headerBytes, int headerFields, int streamWindowBytes) {
    /** HTTP/2 begins with this; less would only slow the first request down. */
    private static final int MIN_WINDOW = 65_535;

    private static final int WINDOW_PER_STREAM_BUFFER = 4;

    /** The settings for {@code limits.stream_buffer} of {@code streamBufferBytes}. */
    public static ConnectionSettings of(int headerBytes, int headerFields, int streamBufferBytes) {
        long window = Math.min(Integer.MAX_VALUE, (long) streamBufferBytes * WINDOW_PER_STREAM_BUFFER);
        return new ConnectionSettings(headerBytes, headerFields, (int) Math.max(MIN_WINDOW, window));
    }
}
