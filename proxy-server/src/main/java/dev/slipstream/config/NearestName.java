package dev.slipstream.config;

import java.util.Collection;
import java.util.Locale;

/** Finds the known name that a mistyped one most likely meant. */
public final class NearestName {
    /** Longer names are cut for the comparison, which takes time in the product of both lengths. */
    private static final int COMPARED_CHARS = 64;

    /** Names beyond this many are not looked at. */
    private static final int COMPARED_NAMES = 1000;

    private NearestName() {}

    /** The name with the least edit distance, the first of equals; empty if there are no names. */
    public static String of(String mistake, Collection<String> names) {
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        int compared = 0;
        for (String name : names) {
            if (compared++ == COMPARED_NAMES) {
                break;
            }
            int distance = distance(mistake, name);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = name;
            }
        }
        return best;
    }

    /** Levenshtein's distance, blind to case and to {@code -} for {@code _}. */
    static int distance(String left, String right) {
        String a = normalized(left);
        String b = normalized(right);
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }

    private static String normalized(String name) {
        String cut = name.length() > COMPARED_CHARS ? name.substring(0, COMPARED_CHARS) : name;
        return cut.toLowerCase(Locale.ROOT).replace('-', '_');
    }
}
