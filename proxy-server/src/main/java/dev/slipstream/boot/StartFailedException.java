package dev.slipstream.boot;

/** A Slipstream could not be started; the message says what the user can change. Nothing of it is left running. */
public final class StartFailedException extends Exception {
    private static final long serialVersionUID = 1;

    StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
