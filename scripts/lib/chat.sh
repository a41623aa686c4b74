# The short chat as a load: an upstream that answers at once, wrk as the generator, one leg as a line of figures.
# Sourced behind bench.sh by the scripts that compare proxies; not a command.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

# Of each leg: its port, the processes whose CPU time is its own, Slipstream's admin address.
declare -A leg_port leg_pids leg_admin
declare -A upstream_port

self_signed() { # makes WORK/cert.pem and WORK/key.pem, once
    [ -f "$work/cert.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
}

# nginx on the load core, a port for each protocol (h1, h2c, h1+tls, h2+tls): what all proxies stand before. That of `messages`
# is HTTP/1.1, and answers in the Anthropic dialect.
start_upstream() { # KIND...
    local kind options extra answer tls_lines="ssl_certificate $work/cert.pem; ssl_certificate_key $work/key.pem; ssl_protocols TLSv1.3;"
    case "$*" in *tls*) self_signed ;; esac
    {
        nginx_head upstream
        for kind in "$@"; do
            upstream_port[$kind]=$(free_port)
            answer=$chat_answer
            case "$kind" in
                messages) options='' extra='' answer=$message_answer ;;
                h1) options='' extra='' ;;
                h2c) options=' http2' extra='' ;;
                h1+tls) options=' ssl' extra=$tls_lines ;;
                h2+tls) options=' ssl http2' extra=$tls_lines ;;
                *) usage_error "$kind is no protocol of an upstream (h1, h2c, h1+tls, h2+tls, messages)" ;;
            esac
            echo "server { listen 127.0.0.1:${upstream_port[$kind]}$options backlog=4096; $extra location / { return 200 '$answer'; } }"
        done
        echo "}"
    } >"$work/upstream.conf"
    start_nginx upstream "${load_core[@]}"
}

# One loop, every stage and histogram on, the client's key checked and replaced, the model rewritten. The provider speaks the
# dialect in provider_dialect (openai).
slipstream_leg() { # LEG KIND [PROJECT'S FOLDER [TLS OF THE LISTENER]]
    local scheme=http more='' home=${3:-.} tls=${4:+", tls: { $4 }"}
    case "$2" in
        h2c) more=', http: h2c' ;;
        h1+tls) scheme=https more=", http: 1.1, tls: { ca: $work/cert.pem, server_name: localhost }" ;;
        h2+tls) scheme=https more=", http: 2, tls: { ca: $work/cert.pem, server_name: localhost }" ;;
    esac
    cat >"$work/$1.yaml" <<YAML
listen: { address: "127.0.0.1:0"$tls }
admin: { address: "127.0.0.1:0" }
keys: [ { name: bench, key: $key } ]
runtime: { loops: 1 }
pool: { max_connections: 512 }
providers:
  upstream: { base_url: "$scheme://127.0.0.1:${upstream_port[$2]}/v1", dialect: ${provider_dialect:-openai}, api_key: $provider_key$more }
models:
  - name: chat-model
    targets: [ { provider: upstream, model: upstream-model } ]
YAML
    slipstream_home=$home start_slipstream "$1" "${proxy_core[@]}"
    leg_port[$1]=${slip_api##*:}
    leg_admin[$1]=$slip_admin
    leg_pids[$1]=$slip_pid
}

# Keeps its upstream connections, checks the client's key and replaces it; it does not read the body.
nginx_leg() { # LEG KIND (h1 or h1+tls: nginx speaks HTTP/2 to clients only)
    local scheme=http verify=''
    if [ "$2" = h1+tls ]; then
        scheme=https
        verify="proxy_ssl_protocols TLSv1.3; proxy_ssl_verify on; proxy_ssl_name localhost; proxy_ssl_trusted_certificate $work/cert.pem;"
    fi
    leg_port[$1]=$(free_port)
    {
        nginx_head "$1"
        cat <<NGINX
  upstream provider { server 127.0.0.1:${upstream_port[$2]}; keepalive 512; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:${leg_port[$1]} backlog=4096; client_body_buffer_size 64k; client_max_body_size 32m;
    location / {
      if (\$http_authorization != "Bearer $key") { return 401; }
      proxy_pass $scheme://provider; proxy_http_version 1.1; proxy_set_header Connection ""; $verify
      proxy_set_header Host 127.0.0.1; proxy_set_header Authorization "Bearer $provider_key";
    } } }
NGINX
    } >"$work/$1.conf"
    start_nginx "$1" "${proxy_core[@]}"
    leg_pids[$1]=$nginx_worker
}

# Likewise; without http-no-delay it would gather the events of a stream.
haproxy_leg() { # LEG KIND (h1 or h1+tls)
    local server=''
    if [ "$2" = h1+tls ]; then server=" ssl verify required ca-file $work/cert.pem sni str(localhost) verifyhost localhost alpn http/1.1"; fi
    leg_port[$1]=$(free_port)
    cat >"$work/$1.cfg" <<HAPROXY
global
  nbthread 1
  maxconn 9000
defaults
  mode http
  option http-no-delay
  option http-keep-alive
  http-reuse always
  timeout connect 5s
  timeout client 600s
  timeout server 600s
frontend client
  bind 127.0.0.1:${leg_port[$1]} backlog 4096
  http-request deny deny_status 401 unless { req.hdr(authorization) -m str "Bearer $key" }
  http-request set-header authorization "Bearer $provider_key"
  http-request set-header host 127.0.0.1
  default_backend provider
backend provider
  server upstream 127.0.0.1:${upstream_port[$2]}$server
HAPROXY
    "${proxy_core[@]}" haproxy -db -f "$work/$1.cfg" 2>"$work/$1.log" &
    leg_pids[$1]=$!
    pids+=("$!")
    await_port "${leg_port[$1]}" 30 "$!" "$work/$1.log" || die "haproxy does not listen"
}

# wrk's script for the chat. A gateway that wants another model or more fields than the usual ones gets a script of its own.
wrk_script() { # FILE [MODEL [PATH ["NAME: VALUE"...]]]
    local file=$1 model=${2:-chat-model} path=${3:-/v1/chat/completions} field
    shift $(($# < 3 ? $# : 3))
    {
        echo 'wrk.method = "POST"'
        echo "wrk.path = \"$path\""
        echo 'wrk.headers["content-type"] = "application/json"'
        echo "wrk.headers[\"authorization\"] = \"Bearer $key\""
        for field in "$@"; do echo "wrk.headers[\"${field%%: *}\"] = \"${field#*: }\""; done
        echo "wrk.body = [==[${chat_body/chat-model/$model}]==]"
    } >"$file"
}

wrk_load() { # LEG CONNECTIONS SECONDS: what wrk prints
    local script="$work/$1.lua"
    [ -f "$script" ] || script="$work/chat.lua"
    "${load_core[@]}" wrk -t1 -c"$2" -d"$3s" --timeout 30s --latency -s "$script" "http://127.0.0.1:${leg_port[$1]}/"
}

# By connections alone, which is what they are compared with.
chat_leg_head='leg,connections,requests,errors,requests_per_second,cpu_us_per_request,loop_heap_bytes_per_request,p50_us,p99_us,rss_mib'

# One line of CSV. CPU is that of all threads of the leg's processes, JIT and garbage collector too; latency is that of a
# closed loop, which hides stalls. Heap is what Slipstream's loop allocated.
chat_leg() { # LEG CONNECTIONS SECONDS
    local before=0 after=0 heap_before=0 heap_after=0 result rss=''
    local -a processes
    read -r -a processes <<<"${leg_pids[$1]:-}"
    if [ -n "${leg_admin[$1]:-}" ]; then heap_before=$(slipstream_metric "${leg_admin[$1]}" slipstream_loop_allocated_bytes); fi
    before=$(cpu_ticks ${processes[@]+"${processes[@]}"})
    result=$(wrk_load "$1" "$2" "$3")
    after=$(cpu_ticks ${processes[@]+"${processes[@]}"})
    if [ -n "${leg_admin[$1]:-}" ]; then heap_after=$(slipstream_metric "${leg_admin[$1]}" slipstream_loop_allocated_bytes); fi
    if [ ${#processes[@]} -gt 0 ]; then rss=$(memory_kib VmRSS "${processes[@]}"); fi
    awk -v name="$1" -v c="$2" -v t=$((after - before)) -v hz="$ticks_per_second" -v heap=$((heap_after - heap_before)) \
        -v told="${leg_admin[$1]:-}" -v rss="$rss" '
        function micros(text) { return text ~ /us$/ ? text + 0 : text ~ /ms$/ ? text * 1e3 : text * 1e6 }
        /requests in/ { n = $1 }
        /Non-2xx/ { errors += $NF }
        /Socket errors/ { gsub(",", ""); errors += $4 + $6 + $8 + $10 }
        /Requests\/sec/ { rate = $2 }
        $1 == "50%" { p50 = micros($2) }
        $1 == "99%" { p99 = micros($2) }
        END {
            printf "%s,%d,%d,%d,%s,%s,%s,%.0f,%.0f,%s\n", name, c, n, errors, rate,
                rss == "" || n == 0 ? "" : sprintf("%.2f", t * 1e6 / hz / n), told == "" || n == 0 ? "" : sprintf("%.0f", heap / n),
                p50, p99, rss == "" ? "" : sprintf("%.1f", rss / 1024)
        }' <<<"$result"
}

# A column of the legs' CSV, in the order of the rounds.
leg_column() { # FILE LEG CONNECTIONS COLUMN
    awk -F, -v leg="$2" -v c="$3" -v name="$4" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) f = i; next } $1 == leg && $2 == c { print $f }' "$1"
}

# Of each round the one's figure by the other's; a line for each.
leg_ratios() { # FILE LEG OTHER_LEG CONNECTIONS COLUMN
    paste -d, <(leg_column "$1" "$2" "$4" "$5") <(leg_column "$1" "$3" "$4" "$5") | awk -F, '$1 != "" && $2 > 0 { printf "%.4f\n", $1 / $2 }'
}
