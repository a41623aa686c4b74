package dev.slipstream.bench.streams;

/**
 * Compares a stream, in whatever pieces it comes, with what the provider sent: every byte of every event, their numbers, and the
 * end. The framing must be gone. Nothing is allocated for an event.
 */
final class EventCheck {
    /** Is told of each event when its last byte is here. */
    interface Listener {
        void onEvent(int number, long stampNanos);
    }

    private final Listener listener;
    /** How many events there must be. */
    private int expected;

    private int events;
    private int at;
    private long stamp;
    private int number;
    private int doneAt;
    private boolean broken;

    /** @param expected events; {@link Integer#MAX_VALUE}: {@link #endsHere()} will tell */
    EventCheck(int expected, Listener listener) {
        this.expected = expected;
        this.listener = listener;
    }

    /** The event that was told of last is the last of all. */
    void endsHere() {
        expected = events;
    }

    int events() {
        return events;
    }

    /** Whether something came that was not sent; nothing behind it is looked at. */
    boolean isBroken() {
        return broken;
    }

    /** Whether all events are here, and the end, and not a byte more. */
    boolean isWhole() {
        return !broken && events == expected && doneAt == StampedEvent.doneBytes();
    }

    /** Borrows the bytes. */
    void take(byte[] bytes, int from, int to) {
        for (int i = from; i < to && !broken; i++) {
            if (events == expected) {
                broken = doneAt == StampedEvent.doneBytes() || bytes[i] != StampedEvent.doneAt(doneAt++);
            } else {
                event(bytes[i]);
            }
        }
    }

    private void event(byte b) {
        if (at >= StampedEvent.STAMP_AT && at < StampedEvent.STAMP_AT + StampedEvent.STAMP_DIGITS) {
            stamp = stamp * 10 + digit(b);
        } else if (at >= StampedEvent.NUMBER_AT && at < StampedEvent.NUMBER_AT + StampedEvent.NUMBER_DIGITS) {
            number = number * 10 + digit(b);
        } else if (b != StampedEvent.at(at)) {
            broken = true;
        }
        at++;
        if (at == StampedEvent.BYTES && !broken) {
            broken = number != events;
            if (!broken) {
                events++;
                listener.onEvent(number, stamp);
            }
            at = 0;
            stamp = 0;
            number = 0;
        }
    }

    private int digit(byte b) {
        if (b < '0' || b > '9') {
            broken = true;
        }
        return b - '0';
    }
}
