package dev.slipstream.codec.sse;

/**
 * Is told by {@link SseScanner} what passes. Ranges are lent for the duration of the call. Implementations are one
 * final class per scanner and kept in a field, so that the calls inline and nothing is allocated per chunk.
 */
public interface SseListener {
    /**
     * Bytes of the current event's data, in order, never empty. A fragment may end anywhere, in the midst of a
     * character too; between two data lines comes a range of one line feed, as the standard joins them.
     *
     * @param whole the range is all the data of its event, whose end is the next thing told. Never set where the
     *     event's end has not been received yet, so an event that came in one piece can be treated as one.
     */
    void data(byte[] bytes, int from, int to, boolean whole);

    /**
     * A blank line has ended an event. {@link SseScanner#nameIs} still answers for this event.
     *
     * @param hasData whether it had a data line; without one the standard throws the event away
     * @param position bytes of the stream up to and with that blank line
     */
    void eventEnd(boolean hasData, long position);
}
