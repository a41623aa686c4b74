package dev.slipstream.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** Collects what is wrong and what is worth saying while a configuration is read. */
final class Problems {
    /** More than a person reads; a file that is not a configuration at all must not fill the screen. */
    static final int MAX_ERRORS = 100;

    private int untoldErrors;
    private final List<ConfigProblem> errors = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void error(Origin origin, String message) {
        error(origin, () -> message);
    }

    /** @param message asked for only if it is told: a search for what was meant takes time in the names there are */
    void error(Origin origin, Supplier<String> message) {
        if (errors.size() < MAX_ERRORS) {
            errors.add(new ConfigProblem(origin.source(), origin.line(), message.get()));
        } else {
            untoldErrors++;
        }
    }

    void notice(String message) {
        notices.add(message);
    }

    void warning(String message) {
        warnings.add(message);
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** By line; what has no line comes first. */
    List<ConfigProblem> errors() {
        List<ConfigProblem> sorted = new ArrayList<>(errors);
        sorted.sort(Comparator.comparingInt(ConfigProblem::line));
        if (untoldErrors > 0) {
            sorted.add(new ConfigProblem(sorted.get(0).source(), 0, "and " + untoldErrors + " more errors"));
        }
        return List.copyOf(sorted);
    }

    List<String> notices() {
        return List.copyOf(notices);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}
