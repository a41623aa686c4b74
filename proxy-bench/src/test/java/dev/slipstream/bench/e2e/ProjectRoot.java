package dev.slipstream.bench.e2e;

import java.nio.file.Path;

/** Where the sources are; the build tells, and where it does not (in an IDE) the working directory is tried. */
final class ProjectRoot {
    private ProjectRoot() {}

    static Path path() {
        String told = System.getProperty("project.root", "");
        if (!told.isEmpty()) {
            return Path.of(told).toAbsolutePath();
        }
        Path here = Path.of("").toAbsolutePath();
        Path parent = here.getParent();
        return here.endsWith("proxy-bench") && parent != null ? parent : here;
    }
}
