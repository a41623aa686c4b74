package dev.slipstream.bench.distance;

/**
 * One row of the raw data.
 *
 * @param setting what the run was set to, such as {@code cubic:1}
 * @param idleSeconds before the call
 */
record CallRecord(String setting, int idleSeconds, int round, CallKind kind, int bodyBytes, CallTimes times) {
    static final String CSV_HEAD =
            "setting,idle_s,round,kind,body_bytes,connected_us,secured_us,first_byte_us,last_byte_us";

    String csv() {
        return String.join(
                ",",
                setting,
                Integer.toString(idleSeconds),
                Integer.toString(round),
                kind.word(),
                Integer.toString(bodyBytes),
                micros(times.connectedNanos()),
                micros(times.securedNanos()),
                micros(times.firstByteNanos()),
                micros(times.lastByteNanos()));
    }

    private static String micros(long nanos) {
        return Long.toString(nanos / 1000);
    }
}
