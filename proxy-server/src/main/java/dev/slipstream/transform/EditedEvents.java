package dev.slipstream.transform;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.sse.SseListener;
import dev.slipstream.codec.sse.SseScanner;
import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.tokens.UsageEditor;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import dev.slipstream.limit.ByteBudget;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A provider's stream of events in the client's own dialect, with other figures of tokens, or without the usage that the
 * client did not ask for. Every other byte is as the provider sent it. Held is an event that has not ended yet.
 */
final class EditedEvents implements AnswerTransform {
    private static final byte[] USAGE = "usage".getBytes(US_ASCII);
    private static final byte[] ERROR_EVENT = "event: error\ndata: ".getBytes(US_ASCII);
    private static final byte[] END = "\n\n".getBytes(US_ASCII);

    private final Dialect dialect;
    private final TokenScale scale;
    private final boolean hidesUsage;
    private final JsonTree tree;
    private final UsageEditor editor = new UsageEditor();
    private final SseScanner sse = new SseScanner();
    private final EventReader reader = new EventReader();
    private final ProviderError tooLarge = new ProviderError();

    private JsonOutput out;
    private final EventBytes held;
    /** The stream's offset of the first held byte. */
    private long base;

    private int eventStart;
    private int dataStart;
    private int dataEnd;

    /** @param tree of the loop, in use during a call alone */
    EditedEvents(
            Dialect dialect,
            TokenScale scale,
            boolean hidesUsage,
            ByteBudget eventBytes,
            JsonTree tree,
            JsonOutput out) {
        this.held = new EventBytes(new HeapCharge(eventBytes));
        this.dialect = dialect;
        this.scale = scale;
        this.hidesUsage = hidesUsage;
        this.tree = tree;
        this.out = out;
        noData();
    }

    @Override
    public Progress onData(ByteBuf data, JsonOutput out) {
        this.out = out;
        int from = held.length();
        boolean taken = held.append(data);
        data.release();
        if (!taken) {
            tooLarge.set(502, "The provider sent an event that is too large to be held.", null);
            return Progress.FAILED;
        }
        sse.feed(held.bytes(), from, held.length(), reader);
        compact();
        return Progress.MORE;
    }

    /** What has not ended yet moves to the front. */
    private void compact() {
        if (eventStart > 0) {
            held.dropFirst(eventStart);
            base += eventStart;
            if (dataStart >= 0) {
                dataStart -= eventStart;
                dataEnd -= eventStart;
            }
            eventStart = 0;
        }
    }

    @Override
    public Progress onEnd(JsonOutput out) {
        this.out = out;
        sse.finish(reader);
        // An event without its blank line, as it is: what it says is the client's to judge.
        out.raw(held.bytes(), eventStart, held.length());
        eventStart = held.length();
        return Progress.DONE;
    }

    /** Takes the data of events, which lie in {@link #held}; a class of its own, so that no caller sees its callbacks. */
    private final class EventReader implements SseListener {
        @Override
        public void data(byte[] bytes, int from, int to, boolean whole) {
            if (bytes != held.bytes()) {
                // The line feed between two data lines: such an event is left alone, for nobody sends usage so.
                dataStart = Integer.MAX_VALUE;
            } else if (dataStart < 0) {
                dataStart = from;
                dataEnd = to;
            } else {
                dataEnd = to;
            }
        }

        @Override
        public void eventEnd(boolean hasData, long position) {
            int end = (int) (position - base);
            event(end);
            eventStart = end;
            noData();
        }
    }

    private void noData() {
        dataStart = -1;
        dataEnd = -1;
    }

    private void event(int end) {
        byte[] text = held.bytes();
        boolean mayMatter = dataStart >= 0 && dataStart < dataEnd && holdsUsage(dataStart, dataEnd);
        if (!mayMatter) {
            out.raw(text, eventStart, end);
            return;
        }
        tree.reset();
        tree.append(text, dataStart, dataEnd);
        if (tree.parse() != JsonStatus.COMPLETE) {
            out.raw(text, eventStart, end);
        } else if (!hidesUsage || !UsageEditor.isUsageOnly(tree)) {
            int before = out.length();
            out.raw(text, eventStart, dataStart);
            if (editor.edit(tree, scale, out)) {
                out.raw(text, dataEnd, end);
            } else {
                out.truncate(before);
                out.raw(text, eventStart, end);
            }
        }
    }

    private boolean holdsUsage(int from, int to) {
        byte[] text = held.bytes();
        for (int i = to - USAGE.length; i >= from; i--) {
            if (text[i] == 'u' && Arrays.equals(text, i, i + USAGE.length, USAGE, 0, USAGE.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isEvents() {
        return true;
    }

    @Override
    public int status() {
        return 200;
    }

    @Override
    public ProviderError error() {
        return tooLarge;
    }

    @Override
    public void fail(ProviderError error, String requestId, JsonOutput out) {
        out.raw(ERROR_EVENT);
        switch (dialect) {
            case ANTHROPIC -> error.writeAnthropic(out, requestId);
            case OPENAI -> error.writeOpenAi(out);
        }
        out.raw(END);
    }

    @Override
    public void release() {
        held.release();
    }
}
