package dev.slipstream.config;

import java.util.ArrayList;
import java.util.List;

/** What came of reading a configuration: all of it, or everything that is wrong with it. */
public sealed interface LoadResult {
    /** What is odd, but does not keep the process from starting; sentences without secrets. */
    List<String> warnings();

    /** @param notices what a user should know was done, such as an alias that was applied */
    record Loaded(SlipstreamConfig config, List<String> notices, List<String> warnings) implements LoadResult {
        /** Warnings, marked as such, then notices: what the log says at start. */
        public List<String> messages() {
            List<String> messages = new ArrayList<>();
            for (String warning : warnings) {
                messages.add("warning: " + warning);
            }
            messages.addAll(notices);
            return List.copyOf(messages);
        }
    }

    /** @param errors by line, at least one */
    record Rejected(List<ConfigProblem> errors, List<String> warnings) implements LoadResult {}
}
