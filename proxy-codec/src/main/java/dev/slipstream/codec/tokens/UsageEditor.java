package dev.slipstream.codec.tokens;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/**
 * Scales the input tokens that an answer tells its client, and leaves every other byte as it is: of a whole answer or of
 * one event of a stream, in either dialect.
 *
 * <h2>What is scaled</h2>
 * In {@code usage}, {@code message.usage}, {@code response.usage} and {@code x_groq.usage}: Anthropic's
 * {@code input_tokens}, {@code cache_read_input_tokens}, {@code cache_creation_input_tokens} and the counts of
 * {@code cache_creation}, those of every entry of {@code iterations} too; OpenAI's {@code prompt_tokens} (of its Responses
 * {@code input_tokens}), the counts of {@code prompt_tokens_details} ({@code input_tokens_details}), {@code cached_tokens},
 * {@code prompt_cache_hit_tokens} and {@code prompt_cache_miss_tokens}, and {@code total_tokens}, which grows by as much as
 * the prompt does. Of an answer to {@code count_tokens}, its {@code input_tokens}. What Anthropic's
 * {@code context_management} tells of input tokens. Nothing of the output.
 *
 * <h2>Sums</h2>
 * Parts add up to their total where they did before, a subset is not larger than its whole, and what is not 0 does not
 * become 0 ({@link ScaledInput}).
 *
 * <h2>What is left alone</h2>
 * What is not a whole number of at most {@value #MAX_DIGITS} digits, written as such: negative ones, {@code 1e3},
 * {@code 12.0}, a string, null. Of a key that stands twice in an object, all but the last.
 *
 * <p>Reused; confined to one thread at a time. No allocation.
 */
public final class UsageEditor {
    private static final long UNKNOWN = -1;

    /** Fewer than 10^12 tokens: far beyond any context, and no sum of a few of them overflows. */
    private static final int MAX_DIGITS = 12;

    private static final byte[] USAGE = ascii("usage");
    /** Objects of an event that may hold a {@code usage}. */
    private static final byte[][] HOLDERS = {ascii("message"), ascii("response"), ascii("x_groq")};

    private static final byte[] CHOICES = ascii("choices");
    private static final byte[] INPUT_TOKENS = ascii("input_tokens");
    private static final byte[] CACHE_READ = ascii("cache_read_input_tokens");
    private static final byte[] CACHE_WRITE = ascii("cache_creation_input_tokens");
    private static final byte[] CACHE_CREATION = ascii("cache_creation");
    private static final byte[] ITERATIONS = ascii("iterations");
    private static final byte[] CONTEXT_MANAGEMENT = ascii("context_management");
    private static final byte[] ORIGINAL_INPUT_TOKENS = ascii("original_input_tokens");
    private static final byte[] APPLIED_EDITS = ascii("applied_edits");
    private static final byte[] CLEARED_INPUT_TOKENS = ascii("cleared_input_tokens");
    private static final byte[] PROMPT_TOKENS = ascii("prompt_tokens");
    private static final byte[] PROMPT_DETAILS = ascii("prompt_tokens_details");
    private static final byte[] INPUT_DETAILS = ascii("input_tokens_details");
    private static final byte[] TOTAL_TOKENS = ascii("total_tokens");
    private static final byte[] CACHED_TOKENS = ascii("cached_tokens");
    private static final byte[] CACHE_WRITE_TOKENS = ascii("cache_write_tokens");
    private static final byte[] CACHE_HIT_TOKENS = ascii("prompt_cache_hit_tokens");
    private static final byte[] CACHE_MISS_TOKENS = ascii("prompt_cache_miss_tokens");

    private final NumberEdits edits = new NumberEdits();
    private final ScaledInput scaled = new ScaledInput();

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /**
     * Appends the text of {@code document} to {@code out}, with its input tokens scaled.
     *
     * @param document parsed; not changed
     * @return false, with nothing appended, where no figure changes: the document is right as it is
     */
    public boolean edit(JsonTree document, TokenScale scale, JsonOutput out) {
        if (!scale.isActive() || !document.isObject(JsonTree.ROOT)) {
            return false;
        }
        edits.reset();
        int usage = document.member(JsonTree.ROOT, USAGE);
        usage(document, usage, scale);
        for (byte[] holder : HOLDERS) {
            usage(document, document.member(document.member(JsonTree.ROOT, holder), USAGE), scale);
        }
        if (usage == JsonTree.NONE) {
            single(document, document.member(JsonTree.ROOT, INPUT_TOKENS), scale);
        }
        contextManagement(document, document.member(JsonTree.ROOT, CONTEXT_MANAGEMENT), scale);
        if (!edits.isNeeded()) {
            return false;
        }
        edits.write(document, out);
        return true;
    }

    /**
     * Whether an event of OpenAI's dialect holds nothing but usage: its {@code choices} are empty (or null) and its
     * {@code usage} is an object. A client that did not ask for usage does not know such events.
     */
    public static boolean isUsageOnly(JsonTree chunk) {
        int choices = chunk.member(JsonTree.ROOT, CHOICES);
        boolean isEmpty = chunk.isArray(choices) && chunk.first(choices) == JsonTree.NONE;
        return (isEmpty || chunk.isNull(choices)) && chunk.isObject(chunk.member(JsonTree.ROOT, USAGE));
    }

    private void usage(JsonTree tree, int usage, TokenScale scale) {
        if (!tree.isObject(usage)) {
            return;
        }
        int prompt = tree.member(usage, PROMPT_TOKENS);
        if (prompt != JsonTree.NONE) {
            prompt(tree, usage, prompt, tree.member(usage, PROMPT_DETAILS), scale);
            return;
        }
        int details = tree.member(usage, INPUT_DETAILS);
        if (details != JsonTree.NONE || tree.member(usage, TOTAL_TOKENS) != JsonTree.NONE) {
            prompt(tree, usage, tree.member(usage, INPUT_TOKENS), details, scale);
            return;
        }
        disjoint(tree, usage, scale);
        int iterations = tree.member(usage, ITERATIONS);
        if (tree.isArray(iterations)) {
            for (int each = tree.first(iterations);
                    each != JsonTree.NONE && !edits.isFull();
                    each = tree.next(iterations, each)) {
                disjoint(tree, each, scale);
            }
        }
    }

    // ------------------------------------------------------------------ Anthropic: disjoint parts

    private void disjoint(JsonTree tree, int usage, TokenScale scale) {
        int input = tree.member(usage, INPUT_TOKENS);
        int read = tree.member(usage, CACHE_READ);
        int write = tree.member(usage, CACHE_WRITE);
        int creation = tree.member(usage, CACHE_CREATION);
        long written = number(tree, write);
        long sum = 0;
        int parts = 0;
        if (tree.isObject(creation)) {
            for (int part = tree.first(creation); part != JsonTree.NONE; part = tree.next(creation, part)) {
                long tokens = number(tree, part);
                sum += Math.max(0, tokens);
                parts += tokens > 0 ? 1 : 0;
            }
        }
        boolean addsUp = parts > 0 && sum == written;
        scaled.set(
                scale,
                Math.max(0, number(tree, read)),
                Math.max(0, written),
                Math.max(0, number(tree, input)),
                addsUp ? parts : 1);
        put(tree, input, scaled.fresh());
        put(tree, read, scaled.cacheRead());
        put(tree, write, scaled.cacheWrite());
        if (addsUp) {
            share(tree, creation, parts, scale);
        } else {
            subsets(tree, creation, written, scaled.cacheWrite(), scale);
        }
    }

    /** Divides the tokens written to a cache among the counts of {@code creation}, of which {@code parts} are above 0. */
    private void share(JsonTree tree, int creation, int parts, TokenScale scale) {
        long left = scaled.cacheWrite();
        int behind = parts;
        for (int part = tree.first(creation); part != JsonTree.NONE; part = tree.next(creation, part)) {
            long tokens = number(tree, part);
            if (tokens > 0) {
                behind--;
                long share = behind == 0 ? left : Math.min(scale.scaled(tokens), left - behind);
                put(tree, part, share);
                left -= share;
            }
        }
    }

    private void contextManagement(JsonTree tree, int management, TokenScale scale) {
        single(tree, tree.member(management, ORIGINAL_INPUT_TOKENS), scale);
        int applied = tree.member(management, APPLIED_EDITS);
        if (tree.isArray(applied)) {
            for (int each = tree.first(applied);
                    each != JsonTree.NONE && !edits.isFull();
                    each = tree.next(applied, each)) {
                single(tree, tree.member(each, CLEARED_INPUT_TOKENS), scale);
            }
        }
    }

    // ------------------------------------------------------------------ OpenAI: a prompt and its subsets

    private void prompt(JsonTree tree, int usage, int prompt, int details, TokenScale scale) {
        long promptTokens = number(tree, prompt);
        int cached = tree.member(details, CACHED_TOKENS);
        int written = tree.member(details, CACHE_WRITE_TOKENS);
        int hit = tree.member(usage, CACHE_HIT_TOKENS);
        int miss = tree.member(usage, CACHE_MISS_TOKENS);
        int input = tree.member(usage, INPUT_TOKENS);
        int cachedBeside = tree.member(usage, CACHED_TOKENS);
        int anyCached = cached != JsonTree.NONE ? cached : hit != JsonTree.NONE ? hit : cachedBeside;
        long cachedTokens = Math.max(0, number(tree, anyCached));
        long writtenTokens = Math.max(0, number(tree, written));
        long fresh = Math.max(0, promptTokens) - cachedTokens - writtenTokens;
        boolean areSubsets = fresh >= 0;
        if (areSubsets) {
            scaled.set(scale, cachedTokens, writtenTokens, fresh);
        } else {
            scaled.set(scale, 0, 0, Math.max(0, promptTokens));
        }
        long whole = scaled.total();
        put(tree, prompt, whole);
        int total = tree.member(usage, TOTAL_TOKENS);
        long totalTokens = number(tree, total);
        if (promptTokens != UNKNOWN && totalTokens >= promptTokens) {
            // What the provider counts besides the prompt is what it was.
            put(tree, total, totalTokens - promptTokens + whole);
        }
        subsets(tree, details, promptTokens, whole, scale);
        subset(tree, cachedBeside, promptTokens, whole, scale);
        subset(tree, tree.member(usage, CACHE_READ), promptTokens, whole, scale);
        subset(tree, tree.member(usage, CACHE_WRITE), promptTokens, whole, scale);
        subset(tree, hit, promptTokens, whole, scale);
        subset(tree, miss, promptTokens, whole, scale);
        if (prompt != input) {
            // Servers that tell it under both names.
            subset(tree, input, promptTokens, whole, scale);
        }
        if (promptTokens == UNKNOWN || !areSubsets) {
            return;
        }
        put(tree, cached, scaled.cacheRead());
        put(tree, written, scaled.cacheWrite());
        if (number(tree, cachedBeside) == cachedTokens) {
            put(tree, cachedBeside, scaled.cacheRead());
        }
        if (number(tree, hit) == cachedTokens) {
            put(tree, hit, scaled.cacheRead());
            if (number(tree, miss) == promptTokens - cachedTokens) {
                put(tree, miss, whole - scaled.cacheRead());
            }
        }
    }

    // ------------------------------------------------------------------ single figures

    /** Scales each count that stands in {@code object}. */
    private void subsets(JsonTree tree, int object, long whole, long scaledWhole, TokenScale scale) {
        if (tree.isObject(object)) {
            for (int part = tree.first(object);
                    part != JsonTree.NONE && !edits.isFull();
                    part = tree.next(object, part)) {
                subset(tree, part, whole, scaledWhole, scale);
            }
        }
    }

    /** Scales a count of some of {@code whole}, which became {@code scaledWhole}; of more than that, or of what is unknown. */
    private void subset(JsonTree tree, int value, long whole, long scaledWhole, TokenScale scale) {
        long tokens = number(tree, value);
        long most = tokens <= whole ? scaledWhole : Long.MAX_VALUE;
        put(tree, value, Math.min(scale.scaled(tokens), most));
    }

    /** Scales a count that is a part of nothing. */
    private void single(JsonTree tree, int value, TokenScale scale) {
        put(tree, value, scale.scaled(number(tree, value)));
    }

    /** Has a figure read {@code tokens}, if it is one. */
    private void put(JsonTree tree, int value, long tokens) {
        long now = number(tree, value);
        if (now != UNKNOWN) {
            edits.put(value, now, tokens);
        }
    }

    /** The count that {@code value} is, or {@link #UNKNOWN}. */
    private static long number(JsonTree tree, int value) {
        if (!tree.isNumber(value) || tree.end(value) - tree.start(value) > MAX_DIGITS) {
            return UNKNOWN;
        }
        byte[] text = tree.text();
        long number = 0;
        for (int i = tree.start(value); i < tree.end(value); i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return UNKNOWN;
            }
            number = 10 * number + digit;
        }
        return number;
    }
}
