package dev.slipstream.cli;

/** What the process ends with; scripts rely on it. */
final class ExitCode {
    static final int OK = 0;
    /** Bad input, or a port in use. */
    static final int BAD_INPUT = 1;

    static final int USAGE = 2;
    static final int INTERNAL = 70;

    private ExitCode() {}
}
