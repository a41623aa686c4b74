package dev.slipstream.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.translate.ChunksToMessageEvents;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import dev.slipstream.codec.translate.TranslatedRequest;
import dev.slipstream.limit.ByteBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What streams hold on the heap, all together: beyond 16 KiB of each it is charged, and refused where it is too much. */
final class HeldEventsTest {
    private static final int KIB = 1024;

    private final ByteBudget budget = new ByteBudget(256 * KIB);
    private final JsonOutput out = new JsonOutput();

    private AnswerTransform translated() {
        JsonTree tree = new JsonTree();
        ChunksToMessageEvents translator = new ChunksToMessageEvents(tree);
        translator.start(new TranslatedRequest(), "made-up", 1);
        return new TranslatedEvents(translator, budget, new byte[16 * KIB], out);
    }

    private AnswerTransform edited() {
        return new EditedEvents(Dialect.OPENAI, TokenScale.NONE, true, budget, new JsonTree(), out);
    }

    private Progress send(AnswerTransform events, String text) {
        ByteBuf data = Unpooled.copiedBuffer(text, UTF_8);
        Progress progress = events.onData(data, out);
        assertEquals(0, data.refCnt());
        return progress;
    }

    private Progress sendUnfinished(AnswerTransform events, int bytes) {
        return send(events, "data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(bytes));
    }

    private void assertTooLarge(AnswerTransform events) {
        assertEquals(502, events.error().status());
        events.release();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneStreamMayHoldALargeEventAndManyMayNot(boolean translates) {
        Supplier<AnswerTransform> streams = translates ? this::translated : this::edited;
        AnswerTransform first = streams.get();
        assertEquals(Progress.MORE, sendUnfinished(first, 200 * KIB));
        long used = budget.usedBytes();
        assertTrue(used >= 184 * KIB, () -> "charged: " + used);

        AnswerTransform second = streams.get();
        assertEquals(Progress.FAILED, sendUnfinished(second, 200 * KIB));
        assertTooLarge(second);
        assertEquals(used, budget.usedBytes());

        assertEquals(Progress.MORE, send(first, "\"}}]}\n\ndata: {\"choices\":[]}\n\n"));
        assertEquals(0, budget.usedBytes(), "the event has ended");
        assertEquals(Progress.MORE, sendUnfinished(streams.get(), 200 * KIB));
    }

    @Test
    void smallEventsOfManyStreamsAreTheirOwn() {
        for (int i = 0; i < 20; i++) {
            AnswerTransform events = translated();
            assertEquals(Progress.MORE, sendUnfinished(events, 10 * KIB));
        }
        assertEquals(0, budget.usedBytes());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsHeldIsGivenBackWhenTheStreamIs(boolean translates) {
        AnswerTransform events = translates ? translated() : edited();
        sendUnfinished(events, 200 * KIB);
        assertFalse(budget.usedBytes() == 0);
        events.release();
        events.release();
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void argumentsOfACallThatIsNotTheOpenOneAreChargedToo() {
        AnswerTransform events = translated();
        assertEquals(Progress.MORE, send(events, call(0, "one", "{")));
        assertEquals(Progress.MORE, send(events, call(1, "two", "{\\\"a\\\":\\\"")));
        for (int i = 0; i < 15; i++) {
            assertEquals(Progress.MORE, send(events, arguments(1, 10 * KIB)));
        }
        long used = budget.usedBytes();
        assertTrue(used >= 134 * KIB && used <= 150 * KIB, () -> "charged: " + used);

        assertTrue(budget.tryReserve(96 * KIB));
        Progress last = Progress.MORE;
        for (int i = 0; i < 5 && last == Progress.MORE; i++) {
            last = send(events, arguments(1, 10 * KIB));
        }
        assertEquals(Progress.FAILED, last);
        assertTooLarge(events);
    }

    private static String call(int index, String name, String arguments) {
        return "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":" + index + ",\"id\":\"call_" + name
                + "\",\"function\":{\"name\":\"" + name + "\",\"arguments\":\"" + arguments + "\"}}]}}]}\n\n";
    }

    private static String arguments(int index, int bytes) {
        return "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":" + index + ",\"function\":{\"arguments\":\""
                + "x".repeat(bytes) + "\"}}]}}]}\n\n";
    }
}
