package dev.slipstream.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a configuration. It tells all that is wrong at once, and nothing it says holds a secret.
 *
 * <p>Precedence: command line, {@code SLIPSTREAM_*} variables, the file, aliases of other proxies, defaults. The file
 * becomes a tree of text; variables and aliases are laid over that tree; then the tree is read by the table of
 * {@link Settings}. So every value is checked in the same way, wherever it comes from.
 */
public final class ConfigLoader {
    /** What stands in place of a file's name when the providers' keys alone are the configuration. */
    static final String ENVIRONMENT = "environment";

    /** Said where there is neither a file nor a provider's key. */
    public static final String NOTHING_TO_SERVE = "there is no configuration: no --config, no ./slipstream.yaml, and"
            + " none of ZAI_API_KEY, OPENAI_API_KEY and ANTHROPIC_API_KEY is set (slipstream demo needs none of them)";

    private ConfigLoader() {}

    /** Whether {@link #fromEnvironment} finds anything. */
    public static boolean hasProviderKey(Map<String, String> environment) {
        return ProviderKeys.isAnySet(environment);
    }

    /** Reads a file of at most 1 MiB. */
    public static LoadResult fromFile(Path file, Map<String, String> environment, Overrides overrides) {
        return fromFile(file, file.toString(), environment, overrides);
    }

    /** @param name what messages call the file: as the user named it */
    public static LoadResult fromFile(Path file, String name, Map<String, String> environment, Overrides overrides) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            // Not Files.size: a pipe or /dev/stdin has none.
            bytes = in.readNBytes(YamlReader.MAX_CHARS + 1);
        } catch (NoSuchFileException e) {
            return rejected(name, 0, "there is no such file");
        } catch (AccessDeniedException e) {
            return rejected(name, 0, "this user may not read the file");
        } catch (IOException e) {
            if (Files.isDirectory(file)) {
                return rejected(name, 0, "this is a directory; name the file in it");
            }
            return rejected(name, 0, "the file cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        if (bytes.length > YamlReader.MAX_CHARS) {
            return rejected(name, 0, "the file is longer than 1 MiB");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
            return fromText(name, text, environment, overrides);
        } catch (CharacterCodingException e) {
            int line = 1;
            for (int i = 0; i < buffer.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            return rejected(name, line, "the file is not UTF-8");
        }
    }

    /** @param name what messages call the text */
    public static LoadResult fromText(String name, String yaml, Map<String, String> environment, Overrides overrides) {
        return load(name, yaml, environment, overrides, VersionLimits.current());
    }

    /** The configuration that the providers' own variables make, if one of them is set. */
    public static LoadResult fromEnvironment(Map<String, String> environment, Overrides overrides) {
        if (!ProviderKeys.isAnySet(environment)) {
            return rejected(ENVIRONMENT, 0, NOTHING_TO_SERVE);
        }
        return fromText(ENVIRONMENT, ProviderKeys.yaml(environment), environment, overrides);
    }

    static LoadResult load(
            String name, String yaml, Map<String, String> environment, Overrides overrides, VersionLimits limits) {
        Problems problems = new Problems();
        YamlNode document = YamlReader.read(name, yaml, problems);
        if (document == null && problems.hasErrors()) {
            // Nothing is known of the rest, so nothing is said of it.
            return new LoadResult.Rejected(problems.errors(), problems.warnings());
        }
        TreeReader reader = new TreeReader(name, environment, problems);
        Entry.Section root = document == null
                ? new Entry.Section("", new Origin(name, 0), new LinkedHashMap<>())
                : reader.read(document);
        EnvironmentSettings.apply(root, environment, reader.usedVariables(), problems);
        for (Map.Entry<String, Overrides.Value> override : overrides.values().entrySet()) {
            Overrides.Value value = override.getValue();
            Origin origin = new Origin(override.getKey(), 0);
            root.put(new Entry.Leaf(Settings.get(value.path()).path(), origin, value.text(), value.text(), ""));
        }
        ConfigAliases.apply(root, environment, problems);
        limits.check(root, problems);
        SlipstreamConfig config = config(root, problems);
        return problems.hasErrors()
                ? new LoadResult.Rejected(problems.errors(), problems.warnings())
                : new LoadResult.Loaded(config, problems.notices(), problems.warnings());
    }

    private static SlipstreamConfig config(Entry.Section root, Problems problems) {
        GlobalReader global = new GlobalReader(root, problems);
        ListenConfig listen = global.listen();
        AdminConfig admin = global.admin();
        RuntimeConfig runtime = global.runtime();
        TimeoutsConfig timeouts = global.timeouts();
        PoolConfig pool = global.pool();
        List<KeyConfig> keys = new KeyReader(problems).read(root);
        checkExposure(root, listen, admin, problems);
        Map<String, ProviderConfig> providers = new ProviderReader(timeouts, pool, problems).read(root);
        Entry.Section named = root.section("providers");
        Set<String> names = named == null ? Set.of() : named.entries().keySet();
        List<ModelConfig> models = new ModelReader(names, problems).read(root);
        for (ProviderConfig provider : providers.values()) {
            if (provider.pool().warmPerLoop() > provider.pool().maxConnections()) {
                problems.warning("providers." + Text.shown(provider.name()) + ": pool.warm is more than"
                        + " pool.max_connections, which holds");
            }
        }
        return new SlipstreamConfig(
                listen, admin, keys, runtime, global.limits(), timeouts, pool, global.log(), providers, models);
    }

    /** What others can reach must ask them who they are. */
    private static void checkExposure(Entry.Section root, ListenConfig listen, AdminConfig admin, Problems problems) {
        Entry.Leaf adminLeaf = root.find("admin.address");
        if (adminLeaf != null
                && !Hosts.isLoopback(admin.address().host())
                && admin.token().isEmpty()) {
            problems.error(
                    adminLeaf.origin(),
                    "admin.address: beyond loopback admin.token must be set, for metrics and configuration are served");
        }
        Entry.Leaf listenLeaf = root.find("listen.address");
        if (listenLeaf != null
                && !Hosts.isLoopback(listen.address().host())
                && root.items("keys").isEmpty()) {
            problems.error(
                    listenLeaf.origin(),
                    "listen.address: beyond loopback keys must be set, else everyone uses your providers' credentials");
        }
        if (listen.address().port() != 0 && listen.address().equals(admin.address())) {
            Entry.Leaf leaf = adminLeaf == null ? listenLeaf : adminLeaf;
            if (leaf != null) {
                problems.error(leaf.origin(), "listen.address and admin.address are the same: " + listen.address());
            }
        }
    }

    private static LoadResult rejected(String source, int line, String message) {
        return new LoadResult.Rejected(List.of(new ConfigProblem(source, line, message)), List.of());
    }
}
