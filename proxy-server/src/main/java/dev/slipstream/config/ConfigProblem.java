package dev.slipstream.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param source the file's name, or the variable or option that holds the value
 * @param line from 1; 0 where there is no line
 * @param message a sentence that never holds a secret
 */
public record ConfigProblem(String source, int line, String message) {
    /** {@code FILE:LINE: message}. */
    @Override
    public String toString() {
        return line > 0 ? source + ":" + line + ": " + message : source + ": " + message;
    }
}
