# Tables from an async-profiler's collapsed stacks ("thread;frame;frame N", frames annotated): scripts/profile.
#   kind    cpu or alloc; of the latter the innermost frame is the class of what was allocated, and N is bytes
#   each    what a request takes of all this, in `unit`; "" leaves the column out
#   top     rows of each long table
# "Self" is a stack whose innermost frame it is, "total" any stack that has it. A kernel's frame is the kernel's whoever called.

function plain(f) {
    sub(/_\[[0-9a-z]\]$/, "", f)
    # A library without symbols; Netty unpacks its own to a name made up.
    if (f ~ /^\//) {
        sub(/^.*\//, "", f)
        sub(/ \(deleted\)$/, "", f)
        sub(/_(x86|aarch)_[0-9]+\.so$/, ".so", f)
    }
    return f
}
function is_java(f) { return f !~ /^[\/\[]/ && f ~ /^[A-Za-z0-9_$]+(\/[A-Za-z0-9_$+.]+)+\.[^\/]+$/ }
function dotted(f) { gsub("/", ".", f); sub(/\$\$Lambda[^ ]*\.0x[0-9a-f]+/, "$$Lambda", f); return f }
function package(f,    part, n, i, name) {
    if (f ~ /^(java|javax|jdk|sun|com\/sun)\//) return "the JDK"
    n = split(f, part, "/")
    if (n > 5) n = 5
    for (i = 1; i < n; i++) name = name (i > 1 ? "." : "") part[i]
    return name
}
function method(f,    part, n) { n = split(f, part, "/"); return dotted(part[n]) }

function place(    i, f) {
    if (thread ~ /Compiler|^C[12] /) return "JIT compiler"
    if (thread ~ /^(VM Thread|VM Periodic|GC Thread|G1 |Z[A-Z]|Shenandoah)/) return "garbage collector and JVM"
    f = frame[depth]
    if (kind == "cpu" && f ~ /_\[k\]$/) return "kernel"
    f = plain(f)
    if (is_java(f)) return package(f)
    for (i = depth - 1; i > 1; i--) {
        f = plain(frame[i])
        if (is_java(f)) return "native code below " package(f)
    }
    return "native code of the JVM"
}

function cell(v) { return each == "" ? "" : sprintf(" | %.*f", kind == "cpu" ? 2 : 1, each * v / all) }
function head(what, columns,    i, line) {
    printf "\n| %s | %s |%s\n| ---", what, columns, each == "" ? "" : " " unit " |"
    for (i = split(columns, line, "|") + (each == "" ? 0 : 1); i > 0; i--) printf " | ---"
    print " |"
    fflush()
}
# Rows by size. A second table of values makes a second column.
function rows(of, second, most, least,    k, command) {
    command = "sort -t '\t' -k1,1rn -k2,2 | head -n " most " | cut -f 2"
    for (k in of) if (of[k] * 1000 >= all * least) {
        if (second == "") printf "%d\t| %s | %.1f %%%s |\n", of[k], k, 100 * of[k] / all, cell(of[k]) | command
        else printf "%d\t| %s | %.1f %% | %.1f %%%s |\n", of[k], k, 100 * of[k] / all, 100 * whole[k] / all, cell(of[k]) | command
    }
    close(command)
}

{
    count = $NF
    line = $0
    sub(/ [0-9]+$/, "", line)
    depth = split(line, frame, ";")
    thread = frame[1]
    sub(/^\[/, "", thread)
    sub(/( tid=[0-9]+)?\]$/, "", thread)
    all += count
    by_thread[thread] += count
    if (kind == "alloc" && depth > 1) by_class[dotted(plain(frame[depth--]))] += count
    by_place[place()] += count
    if (depth > 1) self[dotted(plain(frame[depth]))] += count
    ours = "none of Slipstream's"
    for (name in seen) delete seen[name]
    for (i = 2; i <= depth; i++) {
        name = plain(frame[i])
        if (name ~ /^dev\/slipstream\//) ours = method(name)
        name = dotted(name)
        if (!(name in seen)) {
            seen[name] = 1
            whole[name] += count
        }
    }
    by_ours[ours] += count
}

END {
    if (all == 0) exit
    head("where, by the innermost frame", "self")
    rows(by_place, "", 40, 2)
    head("on whose behalf: the innermost method of Slipstream on the stack", "with all that it called")
    rows(by_ours, "", top, 2)
    if (kind == "alloc") {
        head("what was allocated", "bytes")
        rows(by_class, "", top, 2)
    }
    head("frame", "self | total")
    for (name in whole) if (!(name in self)) self[name] = 0
    rows(self, "total", top, 0)
    head("frame, by total", "total")
    rows(whole, "", top, 0)
    head("thread", "self")
    rows(by_thread, "", 12, 2)
}
