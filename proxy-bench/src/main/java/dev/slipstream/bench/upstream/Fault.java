package dev.slipstream.bench.upstream;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Something that goes wrong with a share of the requests to models. Which requests it meets, chance decides, by the provider's
 * seed. Immutable.
 *
 * <table>
 * <caption>Names</caption>
 * <tr><td>{@code 429}</td><td>too many requests, with {@code retry-after: 1}</td></tr>
 * <tr><td>{@code 529}, any of 400 to 599</td><td>an error of this status, in the dialect of the request</td></tr>
 * <tr><td>{@code 5xx}</td><td>500, 502, 503 or 504, one as often as the other</td></tr>
 * <tr><td>{@code error-body}</td><td>status 200, and an error for a body</td></tr>
 * <tr><td>{@code close}, {@code cut}, {@code reset}, {@code stall}, {@code error-event}</td><td>the directive of this name with
 * {@code -after}, and 0 to 3</td></tr>
 * <tr><td>{@code truncate}, {@code refuse}</td><td>the directive of this name</td></tr>
 * <tr><td>{@code trickle}</td><td>256 bytes of the body a second</td></tr>
 * <tr><td>else</td><td>a directive, as in {@code delay=5s} or {@code stall-after=0}</td></tr>
 * </table>
 *
 * @param name what happens
 * @param share 0 to 1
 */
public record Fault(String name, double share) {
    private static final int[] SERVER_ERRORS = {500, 502, 503, 504};
    private static final int MOST_PIECES_BEFORE = 3;
    private static final int TRICKLE_BYTES_PER_SECOND = 256;

    public Fault {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("the share of a fault must be within 0 to 1, not " + share);
        }
        // A name that means nothing is to be told at the start, not by the first request that it meets.
        apply(name, new Behaviour(AnswerShape.PLAIN, new SplittableRandom(0)));
    }

    /**
     * Of {@code NAME:SHARE}.
     *
     * @throws IllegalArgumentException if there is no such fault, or no such share
     */
    public static Fault parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            try {
                return new Fault(text.substring(0, colon), Double.parseDouble(text.substring(colon + 1)));
            } catch (NumberFormatException e) {
                // Told below.
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no fault: write NAME:SHARE, such as 429:0.01");
    }

    void apply(Behaviour behaviour) {
        apply(name, behaviour);
    }

    private static void apply(String name, Behaviour behaviour) {
        RandomGenerator random = behaviour.random();
        switch (name) {
            case "5xx" -> behaviour.status = SERVER_ERRORS[random.nextInt(SERVER_ERRORS.length)];
            case "close", "cut", "reset", "stall", "error-event" ->
                behaviour.apply(name + "-after", Integer.toString(random.nextInt(MOST_PIECES_BEFORE + 1)));
            case "trickle" -> behaviour.trickleBytesPerSecond = TRICKLE_BYTES_PER_SECOND;
            default -> {
                if (!name.isEmpty() && Character.isDigit(name.charAt(0))) {
                    behaviour.apply("status", name);
                    behaviour.retryAfter = name.equals("429") ? "1" : "";
                } else {
                    int equals = name.indexOf('=');
                    behaviour.apply(
                            equals < 0 ? name : name.substring(0, equals),
                            equals < 0 ? "" : name.substring(equals + 1));
                }
            }
        }
    }
}
