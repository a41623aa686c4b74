# What the scripts that measure have in common. Sourced by them behind `cd` to the project; not a command.
# shellcheck shell=bash
# shellcheck disable=SC2034  # used by those who source it

bench_name=$(basename "$0")

say() { printf '%s: %s\n' "$bench_name" "$*" >&2; }

die() {
    say "$@"
    exit 1
}

usage_error() {
    say "$* (--help)"
    exit 2
}

# The comment that a script begins with, which is its help.
show_help() { awk 'NR == 1 { next } !/^#/ { exit } { sub(/^# ?/, ""); print }' "$0"; }

needs() { # DEBIAN_PACKAGES PROGRAM...
    local packages=$1 program
    shift
    for program in "$@"; do
        command -v "$program" >/dev/null 2>&1 || die "$program is missing (Debian: apt-get install $packages)"
    done
}

# ---------------------------------------------------------------------------------------------- work folder, processes

work=$(mktemp -d)
pids=()

# Ends what this script started, by its id and nothing else, the youngest first.
bench_end() {
    local i
    trap - EXIT INT TERM
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do kill "${pids[i]}" 2>/dev/null || true; done
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do wait "${pids[i]}" 2>/dev/null || true; done
    rm -rf "$work"
}
trap bench_end EXIT
trap 'bench_end; exit 130' INT
trap 'bench_end; exit 143' TERM

end_process() { # PID: and forgets it
    local kept=() pid
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
    for pid in ${pids[@]+"${pids[@]}"}; do if [ "$pid" != "$1" ]; then kept+=("$pid"); fi; done
    pids=(${kept[@]+"${kept[@]}"})
}

await() { # FILE PATTERN LOG [PID]: until the file has it, 30 s at most; less where the process has ended
    local _
    for _ in $(seq 300); do
        if grep -qs "$2" "$1"; then return; fi
        if [ -n "${4:-}" ]; then kill -0 "$4" 2>/dev/null || break; fi
        sleep 0.1
    done
    cat "$1" "$3" >&2 2>/dev/null || true
    die "not ready: $(basename "$1")"
}

await_port() { # PORT SECONDS PID LOG: until somebody listens there
    local _
    for _ in $(seq $(($2 * 10))); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
        kill -0 "$3" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$4" >&2 2>/dev/null || true
    return 1
}

free_port() { # a port that nobody listens on
    local port
    for port in $(shuf -i 20000-29999 -n 50); do
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
    done
    return 1
}

# ---------------------------------------------------------------------------------------------- what is left out

skipped=()
skip() { # WHAT, WHY: said at once, and again in the environment of the report
    skipped+=("$*")
    say "skipped: $*"
}

# ---------------------------------------------------------------------------------------------- pinning

# The proxy under test has one core, the load generator and the provider another: prefixes for commands, in arrays, so that
# the id of a process in the background is its own and not a shell's.
proxy_core=(env) load_core=(env) pinning='none: there is no taskset, or one core alone'
if command -v taskset >/dev/null 2>&1 && [ "$(nproc)" -ge 2 ]; then
    proxy_core=(taskset -c 0)
    load_core=(taskset -c 1)
    pinning='proxy under test on core 0, load generator and provider on core 1'
fi

# ---------------------------------------------------------------------------------------------- processes in figures

ticks_per_second=$(getconf CLK_TCK)

# User and system time of all threads, those that have ended too, and of the children given; in ticks.
cpu_ticks() { # PID...
    local pid sum=0 ticks
    for pid in "$@"; do
        ticks=$(awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$pid/stat")
        sum=$((sum + ticks))
    done
    echo "$sum"
}

memory_kib() { # FIELD PID...: VmRSS or VmHWM, all of them together
    local field=$1 pid sum=0 kib
    shift
    for pid in "$@"; do
        kib=$(awk -v f="$field:" '$1 == f { print $2 }' "/proc/$pid/status")
        sum=$((sum + kib))
    done
    echo "$sum"
}

open_descriptors() { # PID
    local all=("/proc/$1/fd"/*)
    echo "${#all[@]}"
}

# A process and all that descend from it.
family() { # PID
    local child
    echo "$1"
    for child in $(pgrep -P "$1" || true); do family "$child"; done
}

median() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
spread() { sort -n | awk '{ v[NR] = $1 } END { if (NR) printf "%s to %s", v[1], v[NR] }'; }

# ---------------------------------------------------------------------------------------------- the report

load_before=$(cut -d' ' -f1-3 /proc/loadavg)

java_of() { # PID: the JVM's version and flags, as lines for environment.txt
    echo "java: $(tr '\0' '\n' <"/proc/$1/cmdline" | head -n 1 | xargs -I{} sh -c '"{}" -version 2>&1 | sed -n 2p')"
    echo "flags: $(tr '\0' '\n' <"/proc/$1/cmdline" | grep '^-X\|^-D\|^--[a-z-]*=' | sed "s#$PWD/##g; s#$work#WORK#g" | tr '\n' ' ')"
}

# Where and with what it was measured. Lines of the script's own come in by standard input.
environment() { # [PID OF A JVM]
    echo "command: scripts/$bench_name${bench_arguments:+ $bench_arguments}"
    echo "date: $(date -u +%Y-%m-%dT%H:%M:%SZ)"
    echo "revision: $(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo ' with uncommitted changes')"
    echo "kernel: $(uname -sr)"
    echo "processor: $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) online; memory: $(awk '/^MemTotal/ { printf "%.0f MiB", $2 / 1024 }' /proc/meminfo)"
    echo "pinning: $pinning"
    if [ -n "${1:-}" ] && [ -r "/proc/$1/cmdline" ]; then java_of "$1"; fi
    cat
    if [ ${#skipped[@]} -gt 0 ]; then printf 'skipped: %s\n' "${skipped[@]}"; fi
    echo "load average before: $load_before; at the end: $(cut -d' ' -f1-3 /proc/loadavg)"
}

# Copies files of the work folder into the report's; the work folder's name does not go with them.
keep() { # FOLDER FILE...
    local folder=$1 file
    shift
    mkdir -p "$folder"
    for file in "$@"; do
        if [ -f "$file" ]; then sed "s#$work#WORK#g" "$file" >"$folder/$(basename "$file")"; fi
    done
}

# One line per figure that a target asks about, in WORK/verdicts.csv. A bound is "<= 0.85" or ">= 1.15"; a figure that could
# not be had is "-", and its verdict "not shown". `--check` fails where a line does not say "met".
verdict() { # TARGET WHAT FIGURE UNIT BOUND
    [ -s "$work/verdicts.csv" ] || echo 'target,what,figure,unit,bound,verdict' >"$work/verdicts.csv"
    awk -v target="$1" -v what="$2" -v figure="$3" -v unit="$4" -v bound="$5" 'BEGIN {
        split(bound, b, " ")
        if (figure == "-" || figure == "") { figure = "-"; verdict = "not shown" }
        else if (b[1] == "<=") verdict = figure + 0 <= b[2] + 0 ? "met" : "missed"
        else verdict = figure + 0 >= b[2] + 0 ? "met" : "missed"
        printf "%s,%s,%s,%s,%s,%s\n", target, what, figure, unit, bound, verdict
    }' >>"$work/verdicts.csv"
}
verdict_table() {
    echo '| target | what | figure | bound | verdict |'
    echo '| --- | --- | --- | --- | --- |'
    awk -F, 'NR > 1 { printf "| %s | %s | %s %s | %s | %s |\n", $1, $2, $3, $4, $5, $6 }' "$work/verdicts.csv"
}
all_met() { awk -F, 'NR > 1 && $6 != "met" { exit 1 }' "$work/verdicts.csv"; }

# ---------------------------------------------------------------------------------------------- the usual legs

# Pinned to one core the launcher would take it for a small machine.
export SLIPSTREAM_PROFILE=${SLIPSTREAM_PROFILE:-server}

key=sk-slip-bench-key-0001
provider_key=sk-upstream

# 588 bytes, as an answer to a short question.
chat_answer='{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"upstream-model","choices":[{"index":0,"message":{"role":"assistant","content":"This is the answer of the upstream. It is about as long as answers to short questions are, so that the whole comes to some six hundred bytes. It says nothing of interest, and it says so in plain words."},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":312,"completion_tokens":58,"total_tokens":370,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}'

# The same in the Anthropic dialect.
message_answer='{"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","model":"upstream-model","content":[{"type":"text","text":"This is the answer of the upstream. It is about as long as answers to short questions are, so that the whole comes to some six hundred bytes. It says nothing of interest, and it says so in plain words."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":312,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":58,"service_tier":"standard"}}'

# About 1.2 KB, which comes to 1.4 with its head; message_body says the same in the Anthropic dialect.
chat_body='{"model":"chat-model","temperature":0.7,"max_tokens":256,"stream":false,"messages":[{"role":"system","content":"You are a helpful assistant that answers briefly and precisely."}'
message_body='{"model":"chat-model","temperature":0.7,"max_tokens":256,"stream":false,"system":"You are a helpful assistant that answers briefly and precisely.","messages":['
for paragraph in 1 2 3 4 5 6 7; do
    chat_turn='{"role":"user","content":"Please put paragraph '$paragraph' of the text into one sentence, and say which of its claims you would check first, and how."}'
    chat_body+=",$chat_turn"
    if [ "$paragraph" -gt 1 ]; then message_body+=,; fi
    message_body+=$chat_turn
done
message_body+=']}'
chat_body+=']}'

nginx_head() { # NAME
    cat <<NGINX
worker_processes 1; daemon off; pid $work/$1.pid; error_log $work/$1.log;
worker_rlimit_nofile 20000;
events { worker_connections 16384; }
http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; default_type application/json;
  client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work;
NGINX
}

# Starts `serve` with WORK/NAME.yaml; sets slip_pid, slip_api, slip_admin.
start_slipstream() { # NAME [PREFIX...]
    local name=$1
    shift
    # Of the one before, which would be believed until the new one has begun its own.
    rm -f "$work/$name.ready"
    "$@" "${slipstream_home:-.}/scripts/slipstream" serve --config "$work/$name.yaml" >"$work/$name.ready" 2>"$work/$name.log" &
    slip_pid=$!
    pids+=("$slip_pid")
    await "$work/$name.ready" 'slipstream ready' "$work/$name.log" "$slip_pid"
    slip_api=$(sed -n 's/.* api=\([^ ]*\).*/\1/p' "$work/$name.ready")
    slip_admin=$(sed -n 's/.* admin=\([^ ]*\).*/\1/p' "$work/$name.ready")
}

# Starts nginx with WORK/NAME.conf; sets nginx_pid (the master) and nginx_worker.
start_nginx() { # NAME [PREFIX...]
    local name=$1
    shift
    "$@" nginx -c "$work/$name.conf" 2>>"$work/$name.log" &
    nginx_pid=$!
    pids+=("$nginx_pid")
    await "$work/$name.pid" . "$work/$name.log" "$nginx_pid"
    nginx_worker=$(pgrep -P "$(cat "$work/$name.pid")" | head -n 1)
}

# A gauge or counter of Slipstream, its samples summed up; 0 where there is none.
slipstream_metric() { # ADMIN_ADDRESS NAME
    curl -s "http://$1/metrics" | awk -v name="$2" 'index($1, name) == 1 && substr($1, length(name) + 1, 1) ~ /^[{]?$/ { n += $2 } END { printf "%.0f", n }'
}

bench_arguments=$* # of the script, since this is sourced without any
# Builds, if it must, and makes the class archive, before anything is pinned or timed.
build_first() { SLIPSTREAM_ARCHIVE=now scripts/slipstream --version >/dev/null; }

# Builds another revision, in a worktree under target/compare that is kept for the next time; sets revision_home, revision_id.
build_revision() { # REVISION
    local id
    id=$(git rev-parse --verify --quiet "$1^{commit}") || usage_error "$1 is no revision"
    revision_id=$(git rev-parse --short "$id")
    revision_home="$PWD/target/compare/$id"
    git worktree prune
    if [ ! -e "$revision_home" ]; then
        mkdir -p target/compare
        git worktree add --quiet --detach "$revision_home" "$id"
    fi
    [ -x "$revision_home/scripts/slipstream" ] || die "$1 has no launcher"
    say "building $revision_id ..."
    "$revision_home/scripts/slipstream" --version >/dev/null
}

# The JDKs that the launcher would run on, oldest first; one for each feature version. Lines of "VERSION HOME".
jdks_found() {
    local home line
    for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
        if [ -L "$home" ] || [ ! -x "$home/bin/java" ] || [ ! -r "$home/release" ]; then continue; fi
        line=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
        if [ "${line:-0}" -ge 17 ]; then echo "$line $home"; fi
    done | sort -n -u -k1,1
}

# ---------------------------------------------------------------------------------------------- the simulated provider

# Generator and provider share a core: without this the late compiler and the collector of one make the other late.
load_java='-XX:TieredStopAtLevel=1 -Xms450m -Xmn400m'

# Starts a simulated provider; sets mock_pid and mock_url, which ends with /v1.
start_mock() { # NAME [OPTION...]
    local name=$1
    shift
    SLIPSTREAM_JAVA_OPTS=$load_java "${load_core[@]}" scripts/slipstream mock --listen 127.0.0.1:0 "$@" \
        >"$work/$name.ready" 2>"$work/$name.log" &
    mock_pid=$!
    pids+=("$mock_pid")
    await "$work/$name.ready" 'mock ready' "$work/$name.log" "$mock_pid"
    mock_url=$(sed -n 's/.*base_url(openai)=\([^ ]*\).*/\1/p' "$work/$name.ready")
}

# What it did so far, in lines of `name value`.
mock_counters() { curl -s "${mock_url%/v1}/sim/counters"; }

# Between two of these: the share of the time that its loops were busy, and of their beats that came more than 5 ms late.
mock_load() { # FILE_BEFORE FILE_AFTER
    awk 'NR == FNR { before[$1] = $2; next } { after[$1] = $2 }
        END {
            time = (after["uptime_nanos"] - before["uptime_nanos"]) * after["loops"]
            beats = after["beats"] - before["beats"]
            cpu = after["loop_cpu_nanos"] - before["loop_cpu_nanos"]
            late = after["late_beats"] - before["late_beats"]
            printf "%.3f,%.4f", (time > 0 ? cpu / time : 0), (beats > 0 ? late / beats : 0)
        }' "$1" "$2"
}

seconds_of() { # 90, 90s, 5m, 2h
    case "$1" in
        *h) awk -v n="${1%h}" 'BEGIN { print n * 3600 }' ;;
        *m) awk -v n="${1%m}" 'BEGIN { print n * 60 }' ;;
        *) echo "${1%s}" ;;
    esac
}
