package dev.slipstream.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The comment that a script begins with: its first paragraph is the question, those up to what it needs and how it is called are
 * the method.
 */
record ScriptComment(String question, List<String> method) {
    private static final ScriptComment NONE = new ScriptComment("", List.of());
    private static final Pattern END = Pattern.compile("(Needs|Usage)\\b.*");
    /** Where a title ends that is taken from a question. */
    private static final Pattern CLAUSE = Pattern.compile("[.:?](?:\\s|$)");

    /** Nothing in it where there is no such script. */
    static ScriptComment of(Path script) throws IOException {
        if (!Files.isRegularFile(script)) {
            return NONE;
        }
        List<String> paragraphs = new ArrayList<>();
        StringBuilder paragraph = new StringBuilder();
        for (String line : Files.readAllLines(script)) {
            if (line.startsWith("#!")) {
                continue;
            }
            String text = line.startsWith("#") ? line.substring(1).strip() : "";
            if (!line.startsWith("#") || END.matcher(text).matches()) {
                break;
            }
            if (text.isEmpty()) {
                end(paragraph, paragraphs);
            } else {
                paragraph.append(paragraph.isEmpty() ? "" : " ").append(text);
            }
        }
        end(paragraph, paragraphs);
        return paragraphs.isEmpty()
                ? NONE
                : new ScriptComment(paragraphs.get(0), List.copyOf(paragraphs.subList(1, paragraphs.size())));
    }

    private static void end(StringBuilder paragraph, List<String> paragraphs) {
        if (!paragraph.isEmpty()) {
            paragraphs.add(paragraph.toString());
            paragraph.setLength(0);
        }
    }

    /** The question's first clause; empty: there is no question. */
    String title() {
        var end = CLAUSE.matcher(question);
        return end.find()
                ? question.substring(0, question.charAt(end.start()) == '?' ? end.start() + 1 : end.start())
                : question;
    }
}
