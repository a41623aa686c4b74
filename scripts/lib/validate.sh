# What validate-latency and validate-resources have in common. Sourced by them behind lib/bench.sh; not a command.
# shellcheck shell=bash
# shellcheck disable=SC2154  # those of lib/bench.sh
#
# The caller sets `parts`: lines of "NAME|TARGETS|COMMAND…". NAME is the run's folder; a command is one of the scripts, or one of
# the caller's functions, which gets what a script gets: [--quick] --out DIR. It leaves DIR/verdicts.csv; without that, or with
# exit code 77, its targets are not shown. `quick_parts` names those that --quick runs, so that it takes less than a minute; all
# others are named as left out.

validate_quick='' validate_from=() validate_out=target/$bench_name validate_only=''

validate_options() { # ARGUMENT...
    while [ $# -gt 0 ]; do
        case "$1" in
            --quick) validate_quick=--quick ;;
            --check) ;; # It always does.
            --out)
                validate_out=${2:?--out needs a folder}
                shift
                ;;
            --only)
                validate_only=${2:?--only needs names}
                shift
                ;;
            --from)
                shift
                while [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; do
                    validate_from+=("$1")
                    shift
                done
                if [ ${#validate_from[@]} -eq 0 ]; then usage_error "--from needs folders"; fi
                continue
                ;;
            -h | --help) show_help; exit 0 ;;
            *) usage_error "$1 is not known" ;;
        esac
        shift
    done
}

# Lines of verdicts.csv, of the targets asked for and no others; one of another shape counts as not shown.
verdict_lines() { # FILE TARGET...
    local file=$1
    shift
    awk -F, -v targets=" $* " '
        { sub(/\r$/, "") }
        NR == 1 && $1 == "target" || !NF || !index(targets, " " $1 " ") { next }
        NF == 6 { print; next }
        { target = $1; gsub(/,/, ";"); printf "%s,unreadable: %s,-,,,not shown\n", target, $0 }
    ' "$file"
}

not_shown() { # TARGETS WHY: a line for each
    local target
    for target in $1; do
        printf '%s,%s,-,,,not shown\n' "$target" "${2//,/;}" >>"$work/verdicts.csv"
    done
    skip "$1: $2"
}

# The targets of a part that its lines say nothing of are not shown.
take_verdicts() { # NAME TARGETS FILE
    local target
    # shellcheck disable=SC2086  # targets are words
    verdict_lines "$3" $2 >"$work/lines.csv"
    cat "$work/lines.csv" >>"$work/verdicts.csv"
    for target in $2; do
        if ! grep -q "^$target," "$work/lines.csv"; then not_shown "$target" "$1 says nothing of it"; fi
    done
}

run_part() { # NAME TARGETS COMMAND...
    local name=$1 targets=$2 folder=$validate_out/$1 code=0
    shift 2
    rm -rf "$folder/verdicts.csv"
    if [[ $1 == scripts/* ]] && [ ! -x "$1" ]; then
        not_shown "$targets" "$1 is not there"
        return
    fi
    say "runs: $*${validate_quick:+ $validate_quick} --out $folder"
    mkdir -p "$folder"
    "$@" ${validate_quick:+"$validate_quick"} --out "$folder" >"$folder.log" 2>&1 </dev/null &
    pids+=($!)
    wait $! || code=$?
    pids=("${pids[@]:0:${#pids[@]}-1}")
    if [ "$code" -eq 77 ]; then
        not_shown "$targets" "$name was skipped: $(tail -n 1 "$folder.log")"
    elif [ ! -s "$folder/verdicts.csv" ]; then
        not_shown "$targets" "$name ended with exit code $code and no verdicts (see $folder.log)"
    else
        if [ "$code" -ne 0 ]; then say "$name ended with exit code $code (see $folder.log)"; fi
        take_verdicts "$name" "$targets" "$folder/verdicts.csv"
    fi
}

# Those of earlier runs: each target from whichever folder tells of it; a folder that tells of none of ours is named.
read_parts() {
    local folder part targets='' target
    for part in "${parts[@]}"; do
        part=${part#*|}
        targets+=" ${part%%|*}"
    done
    targets=$(printf '%s\n' $targets | sort -uV | paste -sd' ') # words
    for folder in "${validate_from[@]}"; do
        if [ ! -s "$folder/verdicts.csv" ]; then
            say "$folder has no verdicts.csv"
            continue
        fi
        # shellcheck disable=SC2086
        verdict_lines "$folder/verdicts.csv" $targets >"$work/lines.csv"
        if [ ! -s "$work/lines.csv" ]; then say "$folder tells of no target that is asked for here"; fi
        cat "$work/lines.csv" >>"$work/verdicts.csv"
    done
    for target in $targets; do
        if ! grep -qs "^$target," "$work/verdicts.csv"; then not_shown "$target" "none of the folders tells of it"; fi
    done
}

# Whether a part is asked for; with --quick and no --only those of the quick minute are.
wanted() { # NAME TARGETS
    if [ -n "$validate_only" ]; then
        [[ ",$validate_only," == *",$1,"* ]]
    elif [ -n "$validate_quick" ] && [[ " $quick_parts " != *" $1 "* ]]; then
        not_shown "$2" "$1 is left out: --quick takes a minute at most; --quick --only $1 runs it"
        return 1
    fi
}

# Runs or reads all parts, prints the table, ends: 0 all met, 1 one missed or not shown, 77 nothing shown.
validate() {
    local part name targets command met missed untold
    mkdir -p "$validate_out"
    echo 'target,what,figure,unit,bound,verdict' >"$work/verdicts.csv"
    if [ ${#validate_from[@]} -gt 0 ]; then
        read_parts
    else
        build_first
        for part in "${parts[@]}"; do
            IFS='|' read -r name targets command <<<"$part"
            # shellcheck disable=SC2086  # a command of words
            if wanted "$name" "$targets"; then run_part "$name" "$targets" $command; fi
        done
    fi
    met=$(grep -c ',met$' "$work/verdicts.csv" || true)
    missed=$(grep -c ',missed$' "$work/verdicts.csv" || true)
    untold=$(awk 'NR > 1 && !/,(met|missed)$/' "$work/verdicts.csv" | wc -l)
    {
        if [ -n "$validate_quick" ]; then printf 'Quick runs: a first impression, no figures to keep.\n\n'; fi
        verdict_table
        printf '\nmet: %s; missed: %s; not shown: %s\n' "$met" "$missed" "$untold"
    } | tee "$validate_out/result.md"
    keep "$validate_out" "$work/verdicts.csv"
    printf 'parts: %s\n' "$(printf '%s\n' "${parts[@]}" | cut -d'|' -f1 | paste -sd' ')" | environment >"$validate_out/environment.txt"
    say "written to $validate_out"
    if [ "$missed" -gt 0 ]; then exit 1; fi
    if [ "$met" -eq 0 ]; then exit 77; fi
    if [ "$untold" -gt 0 ]; then exit 1; fi
    exit 0
}
