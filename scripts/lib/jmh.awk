# JMH's JSON, as JMH lays it out (a key a line), as CSV: scripts/bench-micro. Times are of one operation, whatever the mode.
function value(line) { sub(/^[^:]*: /, "", line); sub(/,$/, "", line); gsub(/"/, "", line); return line }
function nanos(score, unit) {
    if (unit ~ /^ops\//) return score > 0 ? scale(substr(unit, 5)) / score : 0
    return score * scale(substr(unit, 1, index(unit, "/") - 1))
}
function scale(unit) { return unit == "ns" ? 1 : unit == "us" ? 1e3 : unit == "ms" ? 1e6 : 1e9 }
function finish(    share) {
    if (name == "") return
    share = score + 0 > 0 && error ~ /^[0-9.]/ ? 100 * error / score : -1
    printf "%s,%s,%.2f,%s,%s,%s,%s\n", name, params, nanos(score, unit), share < 0 ? "" : sprintf("%.1f", share), bytes, gigabytes, forks
    name = ""
}
BEGIN { print "bench,parameters,ns_per_op,error_percent,heap_bytes_per_op,gigabytes_per_second,forks" }
/^    {$/ { params = bytes = gigabytes = score = error = unit = part = ""; next }
/^        "benchmark" :/ { name = value($0); sub(/^.*\.micro\./, "", name); next }
/^        "forks" :/ { forks = value($0); next }
/^        "params" :/ { part = "params"; next }
/^        "primaryMetric" :/ { part = "primary"; next }
/^        "secondaryMetrics" :/ { part = "secondary"; next }
/^    }/ { finish(); next }
part == "params" && /^            "/ { key = $1; gsub(/"/, "", key); params = params (params == "" ? "" : " ") key "=" value($0); next }
part == "primary" && /^            "score" :/ { score = value($0); next }
part == "primary" && /^            "scoreError" :/ { error = value($0); next }
part == "primary" && /^            "scoreUnit" :/ { unit = value($0); next }
part == "secondary" && /^            "[^"]*" : {/ { metric = $1; gsub(/["·]/, "", metric); next }
part == "secondary" && /^                "score" :/ {
    if (metric == "gc.alloc.rate.norm") bytes = sprintf("%.1f", value($0))
    if (metric == "gigabytes") gigabytes = sprintf("%.3f", value($0))
}
