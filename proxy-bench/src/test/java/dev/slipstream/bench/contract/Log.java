package dev.slipstream.bench.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/** What goes to standard error, where the log is written, while it is open. One at a time. */
final class Log implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    Log() {
        System.setErr(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        said.write(b);
                        before.write(b);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        said.write(bytes, offset, length);
                        before.write(bytes, offset, length);
                    }
                },
                true,
                UTF_8));
    }

    String text() {
        return said.toString(UTF_8);
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
