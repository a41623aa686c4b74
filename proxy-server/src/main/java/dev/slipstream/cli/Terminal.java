package dev.slipstream.cli;

import dev.slipstream.config.ConfigProblem;
import java.io.PrintStream;
import java.util.List;

/** Text on its way to a terminal. */
final class Terminal {
    private Terminal() {}

    /** Without control characters, which could rewrite what the terminal shows. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text);
        for (int i = 0; i < clean.length(); i++) {
            if (Character.isISOControl(clean.charAt(i))) {
                clean.setCharAt(i, '?');
            }
        }
        return clean.toString();
    }

    /** One per line, as {@code FILE:LINE: message}. */
    static void print(List<ConfigProblem> problems, PrintStream to) {
        for (ConfigProblem problem : problems) {
            to.println(clean(problem.toString()));
        }
    }
}
