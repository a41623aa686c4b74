package dev.slipstream.config;

import java.util.List;
import java.util.Map;

/** Writes the JSON Schema of the table of settings. */
final class SchemaWriter {
    private final StringBuilder out = new StringBuilder();

    private SchemaWriter() {}

    static String write() {
        SchemaWriter writer = new SchemaWriter();
        writer.out.append("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n");
        writer.out.append("  \"title\": \"Slipstream's configuration\",\n");
        writer.fields(Shape.ofFile(), "", 1);
        writer.out.append(",\n  \"$defs\": {\n");
        writer.out.append("    \"variable\": { \"type\": \"string\", \"pattern\": \"\\\\$\\\\{\" },\n");
        writer.out.append("    \"duration\": { \"type\": [\"string\", \"integer\"], \"pattern\":"
                + " \"^(0|[0-9]+(\\\\.[0-9]{1,3})? ?(ms|s|m|h))$\", \"maximum\": 0, \"minimum\": 0 },\n");
        writer.out.append("    \"size\": { \"type\": [\"string\", \"integer\"], \"pattern\":"
                + " \"^[0-9]+(\\\\.[0-9]{1,3})? ?(B|KiB|MiB|GiB)?$\", \"minimum\": 0 }\n");
        writer.out.append("  }\n}\n");
        return writer.out.toString();
    }

    private void node(Shape shape, String path, int depth) {
        if (shape instanceof Shape.Scalar scalar) {
            scalar(scalar.setting());
            return;
        }
        out.append("{\n");
        if (shape instanceof Shape.Fields fields) {
            fields(fields, path, depth + 1);
        } else if (shape instanceof Shape.Named named) {
            indent(depth + 1).append("\"type\": [\"object\", \"null\"],\n");
            indent(depth + 1).append("\"additionalProperties\": ");
            node(named.of(), path + "*.", depth + 1);
        } else if (shape instanceof Shape.Listed listed) {
            indent(depth + 1).append("\"type\": [\"array\", \"null\"],\n");
            indent(depth + 1).append("\"items\": ");
            node(listed.of(), path + "[].", depth + 1);
        }
        out.append('\n');
        indent(depth).append('}');
    }

    private void fields(Shape.Fields fields, String path, int depth) {
        indent(depth).append("\"type\": ").append(isNeeded(path) ? "\"object\"" : "[\"object\", \"null\"]");
        out.append(",\n");
        indent(depth).append("\"additionalProperties\": false,\n");
        String required = required(path);
        if (!required.isEmpty()) {
            indent(depth).append("\"required\": ").append(required).append(",\n");
        }
        indent(depth).append("\"properties\": {\n");
        int left = fields.fields().size();
        for (Map.Entry<String, Shape> field : fields.fields().entrySet()) {
            indent(depth + 1).append('"').append(field.getKey()).append("\": ");
            node(field.getValue(), path + field.getKey() + ".", depth + 1);
            left--;
            out.append(left > 0 ? ",\n" : "\n");
        }
        indent(depth).append('}');
    }

    private static boolean isNeeded(String path) {
        return path.isEmpty() || !required(path).isEmpty();
    }

    private static String required(String path) {
        return switch (path) {
            case "" -> "[\"providers\"]";
            case "keys.[]." -> "[\"name\"]";
            case "providers.*." -> "[\"base_url\", \"dialect\"]";
            case "models.[]." -> "[\"name\", \"targets\"]";
            case "models.[].targets.[]." -> "[\"provider\"]";
            default -> "";
        };
    }

    private void scalar(Setting setting) {
        out.append("{ \"description\": \"").append(setting.description()).append("\", ");
        String inherited =
                setting.path().startsWith("providers.*.pool.") || setting.path().startsWith("providers.*.timeouts.")
                        ? ""
                        : setting.defaultText();
        switch (setting.kind()) {
            case TEXT, SECRET -> out.append("\"type\": [\"string\", \"number\", \"boolean\", \"null\"]");
            case ADDRESS, URL -> out.append("\"type\": \"string\"");
            case DURATION ->
                out.append("\"anyOf\": [{ \"$ref\": \"#/$defs/duration\" }, { \"$ref\": \"#/$defs/variable\" }]");
            case SIZE -> out.append("\"anyOf\": [{ \"$ref\": \"#/$defs/size\" }, { \"$ref\": \"#/$defs/variable\" }]");
            case COUNT, COUNT_OR_AUTO -> {
                out.append("\"anyOf\": [{ \"type\": \"integer\", \"minimum\": ");
                out.append(setting.zeroIsOff() ? 0 : setting.min())
                        .append(", \"maximum\": ")
                        .append(setting.max());
                out.append(setting.kind() == Kind.COUNT_OR_AUTO ? " }, { \"const\": \"auto\"" : "");
                out.append(" }, { \"$ref\": \"#/$defs/variable\" }]");
            }
            case BOOLEAN ->
                out.append("\"anyOf\": [{ \"type\": \"boolean\" },"
                        + " { \"enum\": [\"on\", \"off\", \"yes\", \"no\"] }, { \"$ref\": \"#/$defs/variable\" }]");
            case CHOICE -> choice(setting);
        }
        boolean isBare = setting.kind() == Kind.BOOLEAN
                || (setting.kind() == Kind.COUNT)
                || (setting.kind() == Kind.DURATION && setting.defaultText().equals("0"));
        if (!inherited.isEmpty()) {
            String quote = isBare ? "" : "\"";
            out.append(", \"default\": ").append(quote).append(inherited).append(quote);
        }
        out.append(" }");
    }

    private void choice(Setting setting) {
        out.append("\"anyOf\": [{ \"enum\": [");
        for (int i = 0; i < setting.choices().size(); i++) {
            String choice = setting.choices().get(i);
            out.append(i == 0 ? "" : ", ").append('"').append(choice).append('"');
            // An editor reads the plain words 1.1 and 2 as numbers, true and false as truth values.
            if (List.of("1.1", "2", "true", "false").contains(choice)) {
                out.append(", ").append(choice);
            }
        }
        out.append("] }, { \"$ref\": \"#/$defs/variable\" }]");
    }

    private StringBuilder indent(int depth) {
        return out.append("  ".repeat(depth));
    }
}
