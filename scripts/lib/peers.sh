# Other gateways: fetched from their registries into target/peers, started before the same upstream as the rest.
# Sourced behind chat.sh; not a command. Each one that cannot be had is skipped by name, with the reason.
# shellcheck shell=bash
# shellcheck disable=SC2154

peers_home="$PWD/target/peers"
fetch_limit=600 # seconds for one of them

# Fetches once; says why not where it cannot be.
fetch_peer() { # NAME
    local home="$peers_home/$1"
    mkdir -p "$peers_home"
    if [ -f "$home/fetched" ]; then return 0; fi
    say "fetching $1 ..."
    if ! timeout "$fetch_limit" bash -euo pipefail -c "$(declare -f "fetch_$1"); fetch_$1 '$home'" >"$peers_home/$1.log" 2>&1; then
        skip "$1: it could not be fetched: $(grep -v '^ *$' "$peers_home/$1.log" | tail -n 1 | cut -c1-160)"
        return 1
    fi
    touch "$home/fetched"
}

fetch_httpx() {
    python3 -m venv "$1"
    "$1/bin/pip" install --quiet --disable-pip-version-check fastapi httpx uvicorn uvloop httptools
}
# 1.82.7 and 1.82.8 were malicious.
fetch_litellm() {
    python3 -m venv "$1"
    "$1/bin/pip" install --quiet --disable-pip-version-check 'litellm[proxy]!=1.82.7,!=1.82.8'
    if "$1/bin/pip" show litellm | grep -q '^Version: 1\.82\.[78]$'; then echo 'a malicious version' && exit 1; fi
}
fetch_portkey() {
    mkdir -p "$1"
    npm install --silent --no-audit --no-fund --prefix "$1" @portkey-ai/gateway
}
fetch_bifrost() {
    mkdir -p "$1"
    GOBIN="$1/bin" GOFLAGS=-mod=mod go install github.com/maximhq/bifrost/transports/bifrost-http@latest
}

peer_version() { # NAME
    local home="$peers_home/$1"
    case "$1" in
        httpx) "$home/bin/pip" --disable-pip-version-check list 2>/dev/null | awk '/^(fastapi|httpx|uvicorn) / { printf "%s%s %s", n++ ? ", " : "", $1, $2 }' ;;
        litellm) "$home/bin/pip" --disable-pip-version-check list 2>/dev/null | awk '/^litellm / { print $2 }' ;;
        portkey) sed -n 's/^  "version": "\(.*\)",*/\1/p' "$home/node_modules/@portkey-ai/gateway/package.json" ;;
        bifrost) go version -m "$home/bin/bifrost-http" | awk '$1 == "mod" { print $3 }' ;;
    esac
}

# Starts it on the proxy's core and sends one chat through. False, and skipped by name, where that gets no answer.
peer_leg() { # NAME
    local name=$1 home="$peers_home/$1" port upstream="http://127.0.0.1:${upstream_port[h1]}/v1" process code
    port=$(free_port)
    leg_port[$name]=$port
    case "$name" in
        httpx)
            UPSTREAM=$upstream CLIENT_KEY=$key PROVIDER_KEY=$provider_key "${proxy_core[@]}" "$home/bin/python" -m uvicorn \
                --app-dir scripts/lib/peers httpx_proxy:app --port "$port" --no-access-log --log-level warning >"$work/$name.log" 2>&1 &
            ;;
        litellm)
            cat >"$work/litellm.yaml" <<YAML
model_list:
  - model_name: chat-model
    litellm_params: { model: openai/upstream-model, api_base: "$upstream", api_key: $provider_key }
general_settings: { master_key: $key }
litellm_settings: { telemetry: false, num_retries: 0 }
YAML
            LITELLM_LOCAL_MODEL_COST_MAP=True LITELLM_LOG=ERROR "${proxy_core[@]}" "$home/bin/litellm" --config "$work/litellm.yaml" \
                --host 127.0.0.1 --port "$port" --num_workers 1 >"$work/$name.log" 2>&1 &
            ;;
        portkey)
            # It takes provider and address from the request, and its key is the provider's.
            wrk_script "$work/portkey.lua" upstream-model /v1/chat/completions 'x-portkey-provider: openai' "x-portkey-custom-host: $upstream"
            NODE_ENV=production TRUSTED_CUSTOM_HOSTS=127.0.0.1,localhost "${proxy_core[@]}" node \
                "$home/node_modules/@portkey-ai/gateway/build/start-server.js" --headless "--port=$port" >"$work/$name.log" 2>&1 &
            ;;
        bifrost)
            mkdir -p "$work/bifrost"
            cat >"$work/bifrost/config.json" <<JSON
{ "client": { "drop_excess_requests": false, "enable_logging": false, "initial_pool_size": 300 },
  "config_store": { "enabled": false }, "logs_store": { "enabled": false },
  "providers": { "openai": {
    "keys": [ { "name": "bench", "value": "$provider_key", "models": ["*"], "weight": 1.0 } ],
    "network_config": { "base_url": "http://127.0.0.1:${upstream_port[h1]}", "max_retries": 0, "allow_private_network": true },
    "concurrency_and_buffer_size": { "concurrency": 256, "buffer_size": 1024 } } } }
JSON
            wrk_script "$work/bifrost.lua" openai/upstream-model
            "${proxy_core[@]}" "$home/bin/bifrost-http" -app-dir "$work/bifrost" -host 127.0.0.1 -port "$port" -log-level error >"$work/$name.log" 2>&1 &
            ;;
    esac
    process=$!
    pids+=("$process")
    if ! await_port "$port" 90 "$process" "$work/$name.log"; then
        skip "$name: it does not listen: $(grep -v '^ *$' "$work/$name.log" | tail -n 1 | cut -c1-160)"
        return 1
    fi
    for _ in $(seq 30); do # some listen before they serve
        code=$(ask_peer "$name")
        if [ "$code" = 200 ]; then break; fi
        sleep 1
    done
    if [ "$code" != 200 ]; then
        skip "$name: a chat through it is answered with $code: $(head -c 160 "$work/$name.answer" | tr -d '\n')"
        return 1
    fi
    leg_pids[$name]=$(family "$process" | tr '\n' ' ')
}

ask_peer() { # NAME: the status of one chat
    local model=chat-model more=()
    case "$1" in
        portkey) more=(-H 'x-portkey-provider: openai' -H "x-portkey-custom-host: http://127.0.0.1:${upstream_port[h1]}/v1") ;;
        bifrost) model=openai/upstream-model ;;
    esac
    curl -s -m 20 -o "$work/$1.answer" -w '%{http_code}' -H "authorization: Bearer $key" -H 'content-type: application/json' \
        ${more[@]+"${more[@]}"} -d "${chat_body/chat-model/$model}" "http://127.0.0.1:${leg_port[$1]}/v1/chat/completions" || true
}
