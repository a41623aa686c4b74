package dev.slipstream.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML document into {@link YamlNode}s. It works on the parser's events, so that depth is bounded before
 * anything recurses, and tags, anchors and aliases are refused before anything resolves them: a configuration needs
 * none of them, and they are how YAML has always been attacked.
 */
final class YamlReader {
    /** Deepest value of a configuration: models → model → targets → target → field. */
    private static final int MAX_DEPTH = 16;

    /** In characters; a thousand providers fit. */
    static final int MAX_CHARS = 1 << 20;

    /** Where the parser's own sentences go on with a piece of the file, of whatever length. */
    private static final List<String> QUOTING = List.of("tag handle", "a valid version", "hexadecimal numbers");

    private final Iterator<Event> events;

    private YamlReader(Iterator<Event> events) {
        this.events = events;
    }

    /** The document; null if it is empty or not readable, in which case the problem has been told. */
    static @Nullable YamlNode read(String name, String text, Problems problems) {
        if (text.length() > MAX_CHARS) {
            problems.error(new Origin(name, 0), "the file is longer than 1 MiB");
            return null;
        }
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(MAX_CHARS).build();
        try {
            return new YamlReader(new Parse(settings).parseString(text).iterator()).document();
        } catch (BadYamlException e) {
            problems.error(new Origin(name, e.line), e.sentence());
        } catch (MarkedYamlEngineException e) {
            // Not its message: that holds a piece of the file, and so perhaps a key.
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            problems.error(new Origin(name, line), "this is not YAML: " + context + withoutQuotation(e.getProblem()));
        } catch (YamlEngineException e) {
            problems.error(new Origin(name, 0), "this is not YAML: it holds a character that YAML does not allow");
        } catch (RuntimeException e) {
            // The parser has had bugs on broken input; they are the file's fault as far as a user is concerned.
            problems.error(new Origin(name, 0), "this is not YAML");
        }
        return null;
    }

    /** What the parser says, but for what it quotes of the file beyond a character. */
    private static String withoutQuotation(@Nullable String problem) {
        String said = String.valueOf(problem);
        for (String quoting : QUOTING) {
            int at = said.indexOf(quoting);
            if (at >= 0) {
                return said.substring(0, at + quoting.length());
            }
        }
        return Text.shown(said);
    }

    private @Nullable YamlNode document() throws BadYamlException {
        YamlNode root = null;
        boolean seen = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent start) {
                if (seen) {
                    throw new BadYamlException(line(start), "a second document begins here; a configuration is one");
                }
                seen = true;
                root = node(events.next(), 0);
            } else if (event instanceof DocumentEndEvent && root instanceof YamlNode.Scalar scalar && scalar.isNull()) {
                root = null;
            }
        }
        return root;
    }

    private YamlNode node(Event event, int depth) throws BadYamlException {
        refuseMachinery(event);
        if (depth >= MAX_DEPTH) {
            throw new BadYamlException(line(event), "this is nested too deeply for a configuration");
        }
        if (event instanceof ScalarEvent scalar) {
            String text = scalar.getValue();
            boolean isNull = scalar.getScalarStyle() == ScalarStyle.PLAIN
                    && (text.isEmpty() || text.equals("~") || text.equals("null"));
            return new YamlNode.Scalar(line(event), text, isNull);
        }
        if (event instanceof MappingStartEvent) {
            return mapping(line(event), depth);
        }
        if (event instanceof SequenceStartEvent) {
            List<YamlNode> items = new ArrayList<>();
            for (Event next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
                items.add(node(next, depth + 1));
            }
            return new YamlNode.Sequence(line(event), items);
        }
        throw new BadYamlException(line(event), "this is not YAML");
    }

    private YamlNode mapping(int line, int depth) throws BadYamlException {
        List<YamlNode.Pair> pairs = new ArrayList<>();
        for (Event key = events.next(); !(key instanceof MappingEndEvent); key = events.next()) {
            refuseMachinery(key);
            if (!(key instanceof ScalarEvent scalar)) {
                throw new BadYamlException(line(key), "a key must be plain text");
            }
            pairs.add(new YamlNode.Pair(line(key), scalar.getValue(), node(events.next(), depth + 1)));
        }
        return new YamlNode.Mapping(line, pairs);
    }

    private void refuseMachinery(Event event) throws BadYamlException {
        if (event instanceof AliasEvent) {
            throw new BadYamlException(line(event), "YAML aliases (*name) are not supported");
        }
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            throw new BadYamlException(line(event), "YAML anchors (&name) are not supported");
        }
        if ((event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
                || (event instanceof CollectionStartEvent start
                        && start.getTag().isPresent())) {
            throw new BadYamlException(line(event), "YAML tags (!name) are not supported");
        }
    }

    private static int line(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    /** YAML, but more of it than a configuration may use. */
    private static final class BadYamlException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int line;

        BadYamlException(int line, String message) {
            super(message, null, false, false);
            this.line = line;
        }

        String sentence() {
            return String.valueOf(getMessage());
        }
    }
}
