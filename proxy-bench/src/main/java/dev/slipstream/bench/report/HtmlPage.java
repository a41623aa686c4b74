package dev.slipstream.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Image;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * A report as one HTML page that needs no other file: plots of our own stand inline and take the page's colours, others as images
 * in the page. Whatever the run's texts have of HTML is shown as text. Wide tables and plots scroll in their own frames, which
 * the keyboard reaches.
 */
final class HtmlPage {
    private static final String STYLE = "report.css";
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

    private final Parser parser = Parser.builder().extensions(EXTENSIONS).build();
    private final HtmlRenderer renderer = HtmlRenderer.builder()
            .extensions(EXTENSIONS)
            .escapeHtml(true)
            .sanitizeUrls(true)
            .attributeProviderFactory(context -> new Attributes())
            .build();
    private int tables;

    static String of(ReportPage page) throws IOException {
        return new HtmlPage().html(page);
    }

    private String html(ReportPage page) throws IOException {
        StringBuilder out =
                new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
        out.append("<title>").append(escaped(page.title())).append("</title>\n<style>\n");
        out.append(style()).append("</style>\n</head>\n<body>\n<main>\n");
        for (ReportPage.Part part : page.parts()) {
            if (part instanceof ReportPage.Text text) {
                out.append(framed(renderer.render(withoutImages(parser.parse(text.markdown())))));
            } else if (part instanceof ReportPage.Plot plot) {
                figure(out, plot.figure());
            }
        }
        return out.append("</main>\n</body>\n</html>\n").toString();
    }

    private static String style() throws IOException {
        try (InputStream in = HtmlPage.class.getResourceAsStream(STYLE)) {
            if (in == null) {
                throw new IOException(STYLE + " is not in this build");
            }
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** The renderer escapes what texts have of tags, so that each of these is a table's own. */
    private String framed(String html) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int at = html.indexOf("<table>"); at >= 0; at = html.indexOf("<table>", from)) {
            out.append(html, from, at);
            out.append("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Table ")
                    .append(++tables);
            out.append("\"><table>");
            from = at + "<table>".length();
        }
        return out.append(html.substring(from)).toString().replace("</table>", "</table></div>");
    }

    private static void figure(StringBuilder out, Figure figure) {
        String caption = escaped(figure.caption());
        out.append("<figure>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Plot: ")
                .append(caption);
        out.append("\">\n");
        if (figure.isOurs()) {
            out.append(figure.svg());
        } else {
            out.append("<img alt=\"").append(caption).append("\" src=\"data:image/svg+xml;base64,");
            out.append(Base64.getEncoder().encodeToString(figure.svg().getBytes(UTF_8)))
                    .append("\">\n");
        }
        out.append("</div>\n<figcaption>").append(caption).append(".</figcaption>\n</figure>\n");
    }

    /** A result's own images are plots, which have their section, or would be fetched from elsewhere: their texts stay. */
    private static Node withoutImages(Node node) {
        Node child = node.getFirstChild();
        while (child != null) {
            Node next = child.getNext();
            withoutImages(child);
            if (child instanceof Image) {
                Node text = child.getFirstChild();
                while (text != null) {
                    Node following = text.getNext();
                    child.insertBefore(text);
                    text = following;
                }
                child.unlink();
            }
            child = next;
        }
        return node;
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Columns say that they are; a verdict has a class of its own beside its words. */
    private static final class Attributes implements AttributeProvider {
        /** Characters beyond which a cell's words may be broken. */
        private static final int LONG = 60;

        @Override
        public void setAttributes(Node node, String tag, Map<String, String> attributes) {
            if (!(node instanceof TableCell cell)) {
                return;
            }
            if (cell.isHeader()) {
                attributes.put("scope", "col");
            } else if (cell.getFirstChild() instanceof org.commonmark.node.Text text) {
                String said = text.getLiteral();
                if (said.equals("met") || said.startsWith("met, ")) {
                    attributes.put("class", "met");
                } else if (said.equals("missed") || said.startsWith("missed by ") || said.startsWith("missed: ")) {
                    attributes.put("class", "missed");
                } else if (said.equals("not shown")) {
                    attributes.put("class", "untold");
                } else if (said.length() > LONG) {
                    attributes.put("class", "long");
                }
            }
        }
    }
}
