package dev.slipstream.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A {@code result.md} in its parts: tables of stages, and the rest. The table of verdicts is left out, since it is told from
 * {@code verdicts.csv}.
 */
record ResultText(String rest, List<String> stageTables) {
    private static final Pattern HEADING = Pattern.compile("#{1,6} .*");
    private static final Pattern STAGE = Pattern.compile("\\|[^|]*\\bstages?\\b.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern VERDICTS = Pattern.compile("\\|\\s*target\\s*\\|\\s*what\\s*\\|.*");
    private static final int DEEPEST = 6;

    /** @param depth of the page's heading above it: the result's highest one stands one below */
    static ResultText parse(String text, int depth) {
        List<List<String>> blocks = blocks(text);
        int highest = blocks.stream()
                .filter(block -> isHeading(block))
                .mapToInt(block -> block.get(0).indexOf(' '))
                .min()
                .orElse(1);
        StringBuilder rest = new StringBuilder();
        List<String> stages = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            List<String> block = blocks.get(i);
            String first = block.get(0);
            boolean toldElsewhere = VERDICTS.matcher(first).matches() || isHeadingOfVerdicts(blocks, i);
            if (STAGE.matcher(first).matches()) {
                stages.add(String.join("\n", block) + "\n");
            } else if (isHeading(block) && !toldElsewhere) {
                int level = Math.min(DEEPEST, first.indexOf(' ') - highest + depth + 1);
                rest.append("#".repeat(level))
                        .append(first.substring(first.indexOf(' ')))
                        .append("\n\n");
            } else if (!toldElsewhere) {
                boolean lines = !first.startsWith("|") && !first.startsWith("```");
                rest.append(String.join(lines ? "  \n" : "\n", block)).append("\n\n");
            }
        }
        return new ResultText(rest.toString(), List.copyOf(stages));
    }

    private static boolean isHeading(List<String> block) {
        return HEADING.matcher(block.get(0)).matches();
    }

    private static boolean isHeadingOfVerdicts(List<List<String>> blocks, int at) {
        return isHeading(blocks.get(at))
                && blocks.get(at).get(0).toLowerCase(Locale.ROOT).contains("verdict")
                && at + 1 < blocks.size()
                && VERDICTS.matcher(blocks.get(at + 1).get(0)).matches();
    }

    /** What stands between empty lines; a heading and a table are blocks of their own, a fence goes to its end. */
    private static List<List<String>> blocks(String text) {
        List<List<String>> blocks = new ArrayList<>();
        List<String> block = new ArrayList<>();
        boolean fenced = false;
        for (String line : text.lines().toList()) {
            boolean fence = line.startsWith("```");
            boolean table = line.startsWith("|");
            boolean begins = fence
                    || HEADING.matcher(line).matches()
                    || (!block.isEmpty() && table != block.get(0).startsWith("|"));
            if (!fenced && (line.isBlank() || begins) && !block.isEmpty()) {
                blocks.add(block);
                block = new ArrayList<>();
            }
            if (fenced || !line.isBlank()) {
                block.add(line.stripTrailing());
            }
            boolean endsFence = fence && fenced;
            fenced = fence != fenced;
            if (!fenced
                    && !block.isEmpty()
                    && (endsFence || HEADING.matcher(line).matches())) {
                blocks.add(block);
                block = new ArrayList<>();
            }
        }
        if (!block.isEmpty()) {
            blocks.add(block);
        }
        return blocks;
    }
}
