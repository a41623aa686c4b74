# Streams as a load: `mock` as the provider, `bench load` as the generator, one leg as a line of figures.
# Sourced behind chat.sh by the scripts that want them; not a command.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

stream_tokens=64
# Late compiles and collections of the generator and the provider would make the other one late: both are on one core.
generator_java='-XX:TieredStopAtLevel=1 -Xms300m -Xmn200m'

# Its port is that of the upstream `mock`.
start_stream_mock() {
    SLIPSTREAM_JAVA_OPTS=$generator_java "${load_core[@]}" scripts/slipstream mock --listen 127.0.0.1:0 --tokens "$stream_tokens" \
        >"$work/mock.ready" 2>"$work/mock.log" &
    pids+=("$!")
    await "$work/mock.ready" 'mock ready' "$work/mock.log" "$!"
    upstream_port[mock]=$(sed -n 's#.*base_url(openai)=http://[^ /]*:\([0-9]*\)/.*#\1#p' "$work/mock.ready")
    [ -n "${upstream_port[mock]}" ] || die "mock's address is not in: $(cat "$work/mock.ready")"
}

# Sets stream_command: a closed loop, an event a token, its figures as CSV. The client speaks stream_dialect (openai); between
# two tokens is stream_gap, or none.
set_stream_command() { # LEG CONNECTIONS SECONDS
    stream_command=(env "SLIPSTREAM_JAVA_OPTS=$generator_java" "${load_core[@]}" scripts/slipstream bench load
        --url "http://127.0.0.1:${leg_port[$1]}/v1" --key "$key" --dialect "${stream_dialect:-openai}" --scenario stream --max-tokens "$stream_tokens"
        ${stream_gap:+--directives "tokens=$stream_tokens gap=$stream_gap"}
        --concurrency "$2" --warmup 0 --seconds "$3" --csv)
}
# Of the generator's CSV: sets stream_requests, stream_errors.
read_stream_csv() { # FILE
    local told
    told=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i } NR == 2 { print $column["requests"], $column["requests"] - $column["ok"] }' "$1")
    read -r stream_requests stream_errors <<<"$told" || true
    [ "${stream_requests:-0}" -gt 0 ] || die "no stream came through: $(tail -n 3 "$work/stream.log")"
}
stream_load() { # LEG CONNECTIONS SECONDS: leaves WORK/stream.csv
    set_stream_command "$@"
    "${stream_command[@]}" >"$work/stream.csv" 2>"$work/stream.log" || true
    read_stream_csv "$work/stream.csv"
}

# A line as chat_leg's. What is counted, and divided by, are tokens; the times are those to the first one.
stream_leg() { # LEG CONNECTIONS SECONDS
    local before after heap_before heap_after
    heap_before=$(slipstream_metric "${leg_admin[$1]}" slipstream_loop_allocated_bytes)
    before=$(cpu_ticks "${leg_pids[$1]}")
    stream_load "$1" "$2" "$3"
    after=$(cpu_ticks "${leg_pids[$1]}")
    heap_after=$(slipstream_metric "${leg_admin[$1]}" slipstream_loop_allocated_bytes)
    awk -F, -v name="$1" -v c="$2" -v seconds="$3" -v n=$((stream_requests * stream_tokens)) -v errors="$stream_errors" \
        -v t=$((after - before)) -v hz="$ticks_per_second" -v heap=$((heap_after - heap_before)) \
        -v rss="$(memory_kib VmRSS "${leg_pids[$1]}")" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $2 == "first_token" { p50 = $column["p50_us"]; p99 = $column["p99_us"] }
        END { printf "%s,%d,%d,%d,%.0f,%.3f,%.1f,%s,%s,%.1f\n", name, c, n, errors, n / seconds, t * 1e6 / hz / n, heap / n, p50, p99, rss / 1024 }
    ' "$work/stream.csv"
}
