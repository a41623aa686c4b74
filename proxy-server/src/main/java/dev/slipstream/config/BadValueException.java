package dev.slipstream.config;

/** A value that cannot be read; its message completes the sentence that the setting's path begins. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Without a stack trace: it is an answer to a user, no sign of a broken program. */
    BadValueException(String message) {
        super(message, null, false, false);
    }

    /** The message, which is always there. */
    String sentence() {
        return String.valueOf(getMessage());
    }
}
