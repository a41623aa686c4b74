package dev.slipstream.bench.cli;

import dev.slipstream.cli.Rehearsal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code rehearse}: a demo on free ports, a few requests, and its end. For the launcher, which has the JVM write down the
 * classes that this takes.
 */
@Command(name = "rehearse", hidden = true, description = "For the launcher: a demo that asks itself, and ends.")
final class DemoRehearsal implements Callable<Integer> {
    private static final Pattern READY = Pattern.compile("api=127\\.0\\.0\\.1:(\\d+) admin=127\\.0\\.0\\.1:(\\d+)");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        StringWriter printed = new StringWriter();
        AutoCloseable demo = Demo.start(DemoLauncher.proxy(), new PrintWriter(printed), 0, 0);
        try (demo) {
            Matcher ready = READY.matcher(printed.toString());
            if (!ready.find()) {
                throw new IOException("no addresses in: " + printed);
            }
            int answered = Rehearsal.requests(address(ready.group(1)), address(ready.group(2)), "demo", "any");
            spec.commandLine().getOut().println("rehearsed " + answered + " requests");
            return 0;
        }
    }

    private static InetSocketAddress address(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }
}
