package dev.slipstream.bench.attacks;

import java.io.IOException;

/** What was read breaks HTTP's rules. */
final class Malformed extends IOException {
    private static final long serialVersionUID = 1;

    Malformed(String what) {
        super(what);
    }
}
