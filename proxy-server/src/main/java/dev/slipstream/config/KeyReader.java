package dev.slipstream.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the client keys; what leaves it are hashes. No message of it holds a key or a hash. */
public final class KeyReader {
    /** A shorter key is guessed. */
    static final int MIN_KEY_CHARS = 8;

    private final Problems problems;

    KeyReader(Problems problems) {
        this.problems = problems;
    }

    /** The SHA-256 of a key's UTF-8 bytes in 64 lower-case hexadecimal digits. */
    public static String sha256Hex(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether a key is long enough, and passes through a header as it is. */
    public static boolean isUsable(String key) {
        return key.length() >= MIN_KEY_CHARS && Text.isVisibleAscii(key);
    }

    List<KeyConfig> read(Entry.Section root) {
        List<KeyConfig> keys = new ArrayList<>();
        Map<String, String> pathOfName = new HashMap<>();
        Map<String, String> pathOfHash = new HashMap<>();
        for (Entry entry : root.items("keys")) {
            if (!(entry instanceof Entry.Section section)) {
                continue;
            }
            String name = name(section);
            String hash = hash(section);
            if (name.isEmpty() || hash.isEmpty()) {
                continue;
            }
            String sameName = pathOfName.putIfAbsent(name, section.path());
            String sameHash = pathOfHash.putIfAbsent(hash, section.path());
            if (sameName != null) {
                problems.error(section.origin(), section.path() + ": has the same name as " + sameName);
            }
            if (sameHash != null) {
                problems.error(section.origin(), section.path() + ": is the same key as " + sameHash);
            }
            keys.add(new KeyConfig(name, hash));
        }
        return List.copyOf(keys);
    }

    private String name(Entry.Section section) {
        Entry.Leaf leaf = section.leaf("name");
        if (leaf == null || leaf.text().isBlank()) {
            problems.error(section.origin(), section.path() + ": has no name");
            return "";
        }
        if (leaf.text().length() > 64 || Text.hasControls(leaf.text())) {
            problems.error(leaf.origin(), leaf.path() + ": must be at most 64 characters without control characters");
        }
        return leaf.text();
    }

    /** Empty if there is none. */
    private String hash(Entry.Section section) {
        Entry.Leaf key = section.leaf("key");
        Entry.Leaf hash = section.leaf("key_sha256");
        if (key != null && hash != null) {
            problems.error(hash.origin(), section.path() + ": has both key and key_sha256; one is enough");
            return "";
        }
        if (key != null) {
            String text = key.text().strip();
            if (text.length() < MIN_KEY_CHARS) {
                problems.error(key.origin(), key.path() + ": must have at least " + MIN_KEY_CHARS + " characters");
                return "";
            }
            if (!Text.isVisibleAscii(text)) {
                problems.error(key.origin(), key.path() + ": must be printable ASCII without spaces");
                return "";
            }
            return sha256Hex(text);
        }
        if (hash != null) {
            String text = hash.text().strip().toLowerCase(Locale.ROOT);
            if (text.length() != 64 || !isHex(text)) {
                problems.error(hash.origin(), hash.path() + ": must be 64 hexadecimal digits");
                return "";
            }
            return text;
        }
        problems.error(section.origin(), section.path() + ": has neither key nor key_sha256");
        return "";
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 'f' || Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
