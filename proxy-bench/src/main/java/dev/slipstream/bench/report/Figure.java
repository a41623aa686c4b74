package dev.slipstream.bench.report;

import java.util.regex.Pattern;

/**
 * A plot of a report.
 *
 * @param path of its file, in the run's folder
 * @param caption a sentence without its end
 * @param svg a document
 */
record Figure(String path, String caption, String svg) {
    private static final String OURS = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\"";
    private static final Pattern NOT_OURS = Pattern.compile(
            "<(?!/?(?:svg|rect|line|polyline|circle|text)[\\s>])|\\son\\w+\\s*=|href|style", Pattern.CASE_INSENSITIVE);

    /** Whether a page can have it inline: it has classes for the page's colours, no identifiers, and nothing that acts. */
    boolean isOurs() {
        return svg.startsWith(OURS) && !NOT_OURS.matcher(svg).find();
    }
}
