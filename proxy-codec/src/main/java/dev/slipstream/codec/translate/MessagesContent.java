package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.translate.Names.ascii;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import java.util.Base64;
import java.util.Set;

/** Content of the OpenAI dialect, a string or parts, as blocks of the Anthropic dialect. One per request. */
final class MessagesContent {
    private static final byte[] TEXT_BLOCK = ascii("{\"type\":\"text\",\"text\":\"");
    private static final byte[] BASE64_IMAGE =
            ascii("{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"");
    private static final byte[] URL_IMAGE = ascii("{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"");
    private static final byte[] DATA = ascii("\",\"data\":\"");
    private static final byte[] PDF_DOCUMENT = ascii(
            "{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"");
    private static final byte[] TEXT_DOCUMENT =
            ascii("{\"type\":\"document\",\"source\":{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"");
    private static final byte[] FILE_DOCUMENT =
            ascii("{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\":\"");
    private static final String ANTHROPIC_FILE = "file_";
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";
    private static final Set<String> IMAGE_TYPES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    /** Anthropic takes no more; each counts, wherever it stands. */
    private static final int MAX_CACHE_BREAKPOINTS = 4;

    private final JsonTree in;
    private final JsonOutput out;
    private final ProviderTraits to;
    private final TranslatedRequest request;
    private final DataUrl dataUrl = new DataUrl();
    private int cacheBreakpoints;

    MessagesContent(JsonTree in, JsonOutput out, ProviderTraits to, TranslatedRequest request) {
        this.in = in;
        this.out = out;
        this.to = to;
        this.request = request;
    }

    // ------------------------------------------------------------------ text

    /** Whether {@code value} is text that Anthropic takes: blank text blocks it refuses. */
    boolean isText(int value) {
        return in.isString(value) && !RawText.isBlank(in, value);
    }

    /** A string as a block of its own; anything else, and a blank one, is passed over. */
    void text(int string, int holder) {
        if (isText(string)) {
            text(in.start(string) + 1, in.end(string) - 1, holder);
        }
    }

    /** {@code [from, to)} of the document as a block of its own. */
    void text(int from, int to, int holder) {
        out.comma().raw(TEXT_BLOCK).range(in, from, to).raw('"');
        cacheControl(holder);
        out.raw('}');
    }

    /** A block of our own words. */
    void text(byte[] escaped) {
        out.comma().raw(TEXT_BLOCK).raw(escaped).raw('"').raw('}');
    }

    /** Appends the mark that clients of both dialects use for Anthropic's cache, where {@code holder} bears it. */
    void cacheControl(int holder) {
        int mark = in.member(holder, Keys.CACHE_CONTROL);
        if (in.textIs(in.member(mark, Keys.TYPE), Keys.EPHEMERAL) && cacheBreakpoints < MAX_CACHE_BREAKPOINTS) {
            cacheBreakpoints++;
            out.key(Keys.CACHE_CONTROL)
                    .raw('{')
                    .key(Keys.TYPE)
                    .raw('"')
                    .raw(Keys.EPHEMERAL)
                    .raw('"');
            int ttl = in.member(mark, Keys.TTL);
            if (in.isString(ttl)) {
                out.key(Keys.TTL).value(in, ttl);
            }
            out.raw('}');
        }
    }

    /** The text of a part: its text, or its refusal; NONE where it has none. */
    int textOf(int part) {
        int type = in.member(part, Keys.TYPE);
        if (in.textIs(type, Keys.TEXT) || in.textIs(type, Keys.INPUT_TEXT)) {
            return in.member(part, Keys.TEXT);
        }
        return in.textIs(type, Keys.REFUSAL) ? in.member(part, Keys.REFUSAL) : NONE;
    }

    // ------------------------------------------------------------------ parts

    /** A {@code content} as blocks. False: a part of it cannot be told, and was refused. */
    boolean blocks(int message) {
        int content = in.member(message, Keys.CONTENT);
        text(content, message);
        if (in.isArray(content)) {
            for (int part = in.first(content); part != NONE; part = in.next(content, part)) {
                if (!part(part)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean part(int part) {
        int type = in.member(part, Keys.TYPE);
        if (in.textIs(type, Keys.IMAGE_URL) || in.textIs(type, Keys.INPUT_IMAGE)) {
            return image(part);
        }
        if (in.textIs(type, Keys.FILE)) {
            return file(part);
        }
        if (in.textIs(type, Keys.TEXT) || in.textIs(type, Keys.INPUT_TEXT) || in.textIs(type, Keys.REFUSAL)) {
            text(textOf(part), part);
            return true;
        }
        return refuse(in.member(part, Keys.TYPE), "this model's provider takes no such content");
    }

    private boolean refuse(int value, String why) {
        return Refusal.of(request, Dialect.OPENAI, in, value, why);
    }

    private boolean image(int part) {
        int image = in.member(part, Keys.IMAGE_URL);
        int url = in.isObject(image) ? in.member(image, Keys.URL) : image;
        if (!in.isString(url)) {
            return refuse(part, "an image must have a URL");
        }
        if (!RawText.startsWith(in, url, "data:")) {
            if (!RawText.startsWith(in, url, HTTPS) && !RawText.startsWith(in, url, HTTP)) {
                return refuse(url, "must be a URL of http, https or data");
            }
            out.comma().raw(URL_IMAGE).content(in, url).raw('"').raw('}');
        } else {
            String type = dataUrl.read(in, url) ? dataUrl.mediaType() : "";
            String known = type.equals("image/jpg") ? "image/jpeg" : type;
            if (!IMAGE_TYPES.contains(known)) {
                return refuse(url, "must be base64 of image/jpeg, image/png, image/gif or image/webp");
            }
            out.comma().raw(BASE64_IMAGE).escaped(known).raw(DATA);
            out.range(in, dataUrl.start(), dataUrl.end()).raw('"').raw('}');
        }
        cacheControl(part);
        out.raw('}');
        return true;
    }

    // ------------------------------------------------------------------ files

    private boolean file(int part) {
        int file = in.member(part, Keys.FILE);
        int data = in.member(file, Keys.FILE_DATA);
        int id = in.member(file, Keys.FILE_ID);
        int name = in.member(file, Keys.FILENAME);
        if (!to.files()) {
            return refuse(part, "this model's provider takes no files");
        }
        if (in.isString(id)) {
            if (!RawText.startsWith(in, id, ANTHROPIC_FILE)) {
                return refuse(id, "this file is not known to the model's provider");
            }
            out.comma().raw(FILE_DOCUMENT).content(in, id).raw('"').raw('}');
        } else if (!in.isString(data) || !dataUrl.read(in, data)) {
            return refuse(part, "a file must hold a data URL of base64");
        } else if (dataUrl.mediaType().equals("application/pdf")) {
            out.comma()
                    .raw(PDF_DOCUMENT)
                    .range(in, dataUrl.start(), dataUrl.end())
                    .raw('"')
                    .raw('}');
        } else if (dataUrl.mediaType().equals("text/plain")) {
            String text = decoded();
            if (text.isBlank()) {
                return refuse(data, "is no base64 of text");
            }
            out.comma().raw(TEXT_DOCUMENT).escaped(text).raw('"').raw('}');
        } else {
            return refuse(data, "must be of application/pdf or text/plain");
        }
        if (isText(name)) {
            out.key(Keys.TITLE).value(in, name);
        }
        cacheControl(part);
        out.raw('}');
        return true;
    }

    /** The text of the data URL that was read; empty where it is none. */
    private String decoded() {
        String base64 = in.string(dataUrl.start(), dataUrl.end());
        try {
            return new String(Base64.getDecoder().decode(base64), UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
