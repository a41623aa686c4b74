# Two revisions, from the legs of scripts/compare: of each figure the medians, B by A, and whether that is more than chance.
# The legs of one start of the two processes are no independent samples (what the JIT made of a process stays), so a start is
# one sample: the median of its pairs' ratios; and the sign test is over starts.
function sorted_median(v, n,    i, j, t) {
    for (i = 2; i <= n; i++) {
        t = v[i]
        for (j = i - 1; j > 0 && v[j] > t; j--) v[j + 1] = v[j]
        v[j + 1] = t
    }
    return n == 0 ? "" : n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
# Two-sided, of `more` of `n`.
function sign_test(more, n,    i, least, term, sum) {
    least = more < n - more ? more : n - more
    term = 1
    for (i = 0; i <= least; i++) {
        sum += term
        term = term * (n - i) / (i + 1)
    }
    sum = 2 * sum / 2 ^ n
    return sum > 1 ? 1 : sum
}
function all_of(side, load, c, figure,    n, s, p, key) {
    for (s = 1; s <= starts; s++) for (p = 1; p <= pairs; p++) {
        key = s SUBSEP p SUBSEP load SUBSEP c SUBSEP side SUBSEP figure
        if (cell[key] != "") values[++n] = cell[key]
    }
    return sorted_median(values, n)
}
function compare(load, c, figure,    s, p, a, b, n, m, less, more, verdict, p_value, a_median, b_median, ratio) {
    for (s = 1; s <= starts; s++) {
        n = 0
        for (p = 1; p <= pairs; p++) {
            a = cell[s, p, load, c, "A", figure]
            b = cell[s, p, load, c, "B", figure]
            if (a != "" && b != "" && a > 0) ratios[++n] = b / a
        }
        if (n > 0) by_start[++m] = sorted_median(ratios, n)
    }
    if (m == 0) return
    ratio = sorted_median(by_start, m)
    for (s = 1; s <= m; s++) {
        if (by_start[s] > 1) more++
        if (by_start[s] < 1) less++
    }
    p_value = sign_test(more, more + less)
    a_median = all_of("A", load, c, figure)
    b_median = all_of("B", load, c, figure)
    if (m < 6) verdict = "too few starts to tell"
    else if (p_value > 0.05) verdict = "no difference"
    else if (figure ~ /heap/ && (b_median - a_median) ^ 2 < 16 ^ 2) verdict = "no difference"
    else if (figure ~ /heap/) verdict = ratio > 1 ? "more" : "less"
    else if (figure ~ /per_second/) verdict = ratio < 1 ? "slower" : "faster"
    else verdict = ratio > 1 ? "slower" : "faster"
    printf "%s,%s,%s,%s,%s,%.4f,%.4f,%.4f,%d,%d,%.3f,%s\n", load, c, figure, a_median, b_median, ratio,
        by_start[1], by_start[m], m, more, p_value, verdict
}
BEGIN {
    FS = ","
    print "load,connections,figure,a,b,ratio,least,most,starts,starts_above_1,p,verdict"
}
NR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
{
    if ($1 > starts) starts = $1
    if ($2 > pairs) pairs = $2
    if (!(($3, $5) in known)) {
        known[$3, $5] = 1
        order[++kinds] = $3 SUBSEP $5
    }
    for (i = 8; i <= NF; i++) cell[$1, $2, $3, $5, $4, name[i]] = $i
}
END {
    for (k = 1; k <= kinds; k++) {
        split(order[k], part, SUBSEP)
        compare(part[1], part[2], "cpu_us_per_request")
        compare(part[1], part[2], "requests_per_second")
        compare(part[1], part[2], "loop_heap_bytes_per_request")
        compare(part[1], part[2], "p50_us")
        compare(part[1], part[2], "p99_us")
        compare(part[1], part[2], "rss_mib")
    }
}
