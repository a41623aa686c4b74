package dev.slipstream.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what stands outside lists and named maps. */
final class GlobalReader {
    private final Entry.Section root;
    private final Problems problems;

    GlobalReader(Entry.Section root, Problems problems) {
        this.root = root;
        this.problems = problems;
    }

    ListenConfig listen() {
        Entry.Section listen = root.section("listen");
        ListenTls tls = listen == null ? null : new ListenTlsReader(problems).read(listen.section("tls"));
        return new ListenConfig(fields("listen").address("address"), tls);
    }

    AdminConfig admin() {
        FieldReader fields = fields("admin");
        String token = fields.text("token");
        Entry.Leaf leaf = fields.leaf("token");
        if (leaf != null && !Text.isVisibleAscii(token)) {
            problems.error(leaf.origin(), "admin.token: must be printable ASCII without spaces");
        }
        return new AdminConfig(fields.address("address"), token);
    }

    RuntimeConfig runtime() {
        FieldReader fields = fields("runtime");
        TransportKind transport =
                TransportKind.valueOf(fields.choice("transport").toUpperCase(Locale.ROOT));
        return new RuntimeConfig(fields.count("loops"), transport, fields.truth("warm_up"));
    }

    LimitsConfig limits() {
        FieldReader fields = fields("limits");
        return new LimitsConfig(
                fields.count("header"),
                fields.count("target"),
                fields.count("header_fields"),
                fields.number("body"),
                fields.count("json_depth"),
                fields.count("scan_first"),
                fields.number("held_body"),
                fields.number("held_total"),
                fields.number("replay"),
                fields.number("replay_total"),
                fields.count("stream_buffer"),
                fields.count("connections"),
                fields.count("connections_per_address"),
                fields.count("in_flight"));
    }

    LogConfig log() {
        FieldReader fields = fields("log");
        String access = fields.text("access");
        Entry.Leaf leaf = fields.leaf("access");
        if (leaf != null && (access.isBlank() || Text.hasControls(access))) {
            problems.error(leaf.origin(), "log.access: must be off, stderr or a file's path");
        }
        return new LogConfig(fields.choice("level"), access);
    }

    TimeoutsConfig timeouts() {
        FieldReader fields = fields("timeouts");
        return new TimeoutsConfig(
                fields.number("header"),
                fields.number("client_body"),
                fields.number("client_min_rate"),
                fields.number("client_idle"),
                fields.number("client_write"),
                fields.number("tls_handshake"),
                fields.number("connect"),
                fields.number("pool_wait"),
                fields.number("first_byte"),
                fields.number("between_bytes"),
                fields.number("total"),
                fields.number("drain"),
                fields.number("linger"),
                fields.number("ping"));
    }

    PoolConfig pool() {
        FieldReader fields = fields("pool");
        return new PoolConfig(
                fields.count("max_connections"),
                fields.count("warm"),
                fields.number("idle"),
                fields.count("waiters"),
                fields.count("max_streams"));
    }

    private FieldReader fields(String key) {
        Entry.@Nullable Section section = root.section(key);
        return new FieldReader(section, key + ".", problems);
    }
}
