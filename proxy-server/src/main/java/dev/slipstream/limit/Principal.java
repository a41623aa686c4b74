package dev.slipstream.limit;

/** Who sent a request: the name of its key, or {@link #ANYONE} where no keys are configured. */
public record Principal(String name) {
    public static final Principal ANYONE = new Principal("anyone");
}
