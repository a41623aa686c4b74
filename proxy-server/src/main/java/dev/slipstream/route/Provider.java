package dev.slipstream.route;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.slipstream.codec.Dialect;
import dev.slipstream.config.AuthStyle;
import dev.slipstream.config.ProviderConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A provider as requests meet it: its dialect, the fields that every request to it carries, and the connections it is
 * reached by. Immutable, but for how it has done and when it was last warned of.
 */
public final class Provider {
    /** A field that every request carries. */
    private static final class Field {
        private final byte[] name;
        private final byte[] value;

        Field(String name, String value) {
            this.name = ascii(name);
            this.value = ascii(value);
        }
    }

    private final ProviderConfig config;
    private final ConnectionKey connectionKey;
    private final byte[] basePath;
    private final List<Field> fields;
    private final boolean setsAnthropicVersion;
    private final byte[] nameBytes;

    private final ProviderTrack track = new ProviderTrack();
    private final WarningStamp credentialWarning = new WarningStamp();
    private final WarningStamp reachWarning = new WarningStamp();

    Provider(ProviderConfig config) {
        this.config = config;
        this.connectionKey = new ConnectionKey(
                config.address(),
                config.tls(),
                config.http(),
                config.pool(),
                config.timeouts().connectNanos(),
                config.timeouts().tlsHandshakeNanos());
        this.basePath = ascii(config.basePath());
        this.nameBytes = ascii(config.name());
        this.fields = fieldsOf(config);
        this.setsAnthropicVersion = config.headers().containsKey("anthropic-version");
    }

    private static List<Field> fieldsOf(ProviderConfig config) {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("host", config.hostHeader()));
        fields.add(new Field("accept-encoding", "identity"));
        String key = config.apiKey();
        if (!key.isEmpty()) {
            AuthStyle style = config.auth();
            if (style == AuthStyle.AUTO) {
                style = config.dialect() == Dialect.OPENAI ? AuthStyle.BEARER : AuthStyle.X_API_KEY;
            }
            switch (style) {
                case BEARER -> fields.add(new Field("authorization", "Bearer " + key));
                case X_API_KEY -> fields.add(new Field("x-api-key", key));
                case API_KEY -> fields.add(new Field("api-key", key));
                case NONE, AUTO -> {}
            }
        }
        for (Map.Entry<String, String> header : config.headers().entrySet()) {
            fields.add(new Field(header.getKey(), header.getValue()));
        }
        return fields;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }

    public String name() {
        return config.name();
    }

    /** {@link #name()} as the bytes of a field value; not to be changed. */
    @SuppressWarnings("MutableGetter")
    public byte[] nameBytes() {
        return nameBytes;
    }

    public Dialect dialect() {
        return config.dialect();
    }

    public ProviderConfig config() {
        return config;
    }

    /** How it has done. */
    public ProviderTrack track() {
        return track;
    }

    /** What its connections are pooled by. */
    public ConnectionKey connectionKey() {
        return connectionKey;
    }

    /** The path before the endpoint's own; not to be changed. */
    @SuppressWarnings("MutableGetter")
    public byte[] basePath() {
        return basePath;
    }

    /** How many fields every request carries. */
    public int fieldCount() {
        return fields.size();
    }

    /** The lower-case name of field {@code i}; not to be changed. */
    public byte[] fieldName(int i) {
        return fields.get(i).name;
    }

    /** The value of field {@code i}; not to be changed. */
    public byte[] fieldValue(int i) {
        return fields.get(i).value;
    }

    /** Whether its configured fields carry an {@code anthropic-version}, which then wins over the client's. */
    public boolean setsAnthropicVersion() {
        return setsAnthropicVersion;
    }

    /** Whether a field of the client gives way to one of the provider's own {@code headers:}. */
    public boolean overrides(byte[] array, int nameStart, int nameEnd) {
        for (int i = 0; i < fields.size(); i++) {
            byte[] name = fields.get(i).name;
            if (Arrays.equals(name, 0, name.length, array, nameStart, nameEnd)) {
                return true;
            }
        }
        return false;
    }

    /** When it was last said that it refuses our credential. */
    public WarningStamp credentialWarning() {
        return credentialWarning;
    }

    /** When it was last said that it cannot be reached. */
    public WarningStamp reachWarning() {
        return reachWarning;
    }

    @Override
    public String toString() {
        return "Provider[" + config.name() + "]";
    }
}
