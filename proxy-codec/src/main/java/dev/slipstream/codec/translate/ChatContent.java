package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/**
 * Blocks of the Anthropic dialect as the content of a message of the OpenAI dialect: one string, which every server
 * takes, or a list of parts where there is more than text. One per request.
 */
final class ChatContent {
    private static final byte[] TEXT_PART = ascii("{\"type\":\"text\",\"text\":\"");
    private static final byte[] IMAGE_PART = ascii("{\"type\":\"image_url\",\"image_url\":{\"url\":\"");
    private static final byte[] FILE_PART = ascii("{\"type\":\"file\",\"file\":{\"filename\":\"");
    private static final byte[] DEFAULT_FILENAME = ascii("document.pdf");
    private static final byte[] FILE_DATA = ascii("\",\"file_data\":\"");
    private static final byte[] DATA_SCHEME = ascii("data:");
    private static final byte[] BASE64_FOLLOWS = ascii(";base64,");
    private static final byte[] PDF = ascii("application/pdf");
    private static final byte[] LINE_BREAK = ascii("\\n");
    private static final byte[] UNREADABLE = ascii("[a document that this model cannot read]");

    private final JsonTree in;
    private final JsonOutput out;
    private final ProviderTraits to;
    private final TranslatedRequest request;
    private boolean asParts;
    private boolean isFirst;

    ChatContent(JsonTree in, JsonOutput out, ProviderTraits to, TranslatedRequest request) {
        this.in = in;
        this.out = out;
        this.to = to;
        this.request = request;
    }

    /** Opens the content: a string, or a list of parts. */
    void open(boolean asParts) {
        this.asParts = asParts;
        isFirst = true;
        out.raw(asParts ? '[' : '"');
    }

    void close() {
        out.raw(asParts ? ']' : '"');
    }

    /** Whether nothing was appended since it was opened. */
    boolean isEmpty() {
        return isFirst;
    }

    // ------------------------------------------------------------------ text

    /** Begins a text of its own: a part, or a new line. */
    JsonOutput openText() {
        if (asParts) {
            out.comma().raw(TEXT_PART);
        } else if (!isFirst) {
            out.raw(LINE_BREAK);
        }
        isFirst = false;
        return out;
    }

    void closeText() {
        if (asParts) {
            out.raw('"').raw('}');
        }
    }

    /** A string as a text of its own; anything else, and an empty one, is passed over: some servers refuse those. */
    void text(int string) {
        if (isText(string)) {
            openText().content(in, string);
            closeText();
        }
    }

    private boolean isText(int value) {
        return in.isString(value) && !in.isEmptyString(value);
    }

    // ------------------------------------------------------------------ blocks

    /** The text of a {@code content}, a string or a list of blocks; what is no text is passed over. */
    void texts(int content) {
        text(content);
        if (in.isArray(content)) {
            for (int block = in.first(content); block != JsonTree.NONE; block = in.next(content, block)) {
                textOf(block);
            }
        }
    }

    /** The text of a block; what has none is passed over. */
    void textOf(int block) {
        int type = in.member(block, Keys.TYPE);
        if (in.textIs(type, Keys.DOCUMENT)) {
            documentText(block);
        } else if (in.textIs(type, Keys.SEARCH_RESULT)) {
            searchResult(block);
        } else if (in.textIs(type, Keys.TOOL_REFERENCE)) {
            text(in.member(block, Keys.TOOL_NAME));
        } else if (in.textIs(type, Keys.TEXT) || !isServerBlock(type)) {
            int text = in.member(block, Keys.TEXT);
            text(text == JsonTree.NONE ? in.member(block, Keys.CONTENT) : text);
        }
    }

    /** Blocks that tell of tools which Anthropic's servers run, the call and the result alike: neither is sent. */
    private boolean isServerBlock(int type) {
        return ServerBlocks.is(in, type);
    }

    /** Images and files of a {@code content}, as parts; text is passed over. False: one of them cannot be told. */
    boolean media(int content) {
        if (in.isArray(content)) {
            for (int block = in.first(content); block != JsonTree.NONE; block = in.next(content, block)) {
                if (!mediaOf(block)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean mediaOf(int block) {
        int type = in.member(block, Keys.TYPE);
        if (in.textIs(type, Keys.IMAGE)) {
            return image(in.member(block, Keys.SOURCE), block);
        }
        if (in.textIs(type, Keys.DOCUMENT)) {
            int source = in.member(block, Keys.SOURCE);
            if (isFile(source)) {
                file(block, source);
            }
            return media(in.member(source, Keys.CONTENT));
        }
        return true;
    }

    /** A block of a user's own: text, image, document. False: it cannot be told, and was refused. */
    boolean block(int block) {
        if (in.textIs(in.member(block, Keys.TYPE), Keys.DOCUMENT) && isUnreadable(in.member(block, Keys.SOURCE))) {
            return Refusal.of(
                    request, Dialect.ANTHROPIC, in, block, "source", "this model's provider takes no such document");
        }
        textOf(block);
        return mediaOf(block);
    }

    /** Whether {@code content} holds what only a part can tell. */
    boolean hasMedia(int content) {
        if (in.isArray(content)) {
            for (int block = in.first(content); block != JsonTree.NONE; block = in.next(content, block)) {
                int type = in.member(block, Keys.TYPE);
                int source = in.member(block, Keys.SOURCE);
                if (in.textIs(type, Keys.IMAGE)
                        || (in.textIs(type, Keys.DOCUMENT)
                                && (isFile(source) || hasMedia(in.member(source, Keys.CONTENT))))) {
                    return true;
                }
            }
        }
        return false;
    }

    // ------------------------------------------------------------------ images

    private boolean image(int source, int block) {
        int type = in.member(source, Keys.TYPE);
        int url = in.member(source, Keys.URL);
        if (in.textIs(type, Keys.URL) && isText(url)) {
            out.comma().raw(IMAGE_PART).content(in, url);
        } else {
            int mediaType = in.member(source, Keys.MEDIA_TYPE);
            int data = in.member(source, Keys.DATA);
            if (!in.textIs(type, Keys.BASE64) || !isText(mediaType) || !isText(data)) {
                return Refusal.of(
                        request, Dialect.ANTHROPIC, in, block, "source", "must hold the image itself, or a URL of it");
            }
            out.comma().raw(IMAGE_PART);
            dataUrl(mediaType, data);
        }
        out.raw('"').raw('}').raw('}');
        isFirst = false;
        return true;
    }

    private void dataUrl(int mediaType, int data) {
        out.raw(DATA_SCHEME).content(in, mediaType).raw(BASE64_FOLLOWS).content(in, data);
    }

    // ------------------------------------------------------------------ documents

    /** Whether it is a PDF that is sent as a part of its own. */
    private boolean isFile(int source) {
        return to.files()
                && in.textIs(in.member(source, Keys.TYPE), Keys.BASE64)
                && in.textIs(in.member(source, Keys.MEDIA_TYPE), PDF)
                && isText(in.member(source, Keys.DATA));
    }

    private boolean isUnreadable(int source) {
        int type = in.member(source, Keys.TYPE);
        return !in.textIs(type, Keys.TEXT) && !in.textIs(type, Keys.CONTENT) && !isFile(source);
    }

    private void file(int document, int source) {
        int title = in.member(document, Keys.TITLE);
        out.comma().raw(FILE_PART);
        if (isText(title)) {
            out.content(in, title);
        } else {
            out.raw(DEFAULT_FILENAME);
        }
        out.raw(FILE_DATA);
        dataUrl(in.member(source, Keys.MEDIA_TYPE), in.member(source, Keys.DATA));
        out.raw('"').raw('}').raw('}');
        isFirst = false;
    }

    /** Title and context lead what text the document has. */
    private void documentText(int document) {
        int source = in.member(document, Keys.SOURCE);
        text(in.member(document, Keys.TITLE));
        text(in.member(document, Keys.CONTEXT));
        if (in.textIs(in.member(source, Keys.TYPE), Keys.TEXT)) {
            text(in.member(source, Keys.DATA));
        } else if (in.textIs(in.member(source, Keys.TYPE), Keys.CONTENT)) {
            texts(in.member(source, Keys.CONTENT));
        } else if (!isFile(source)) {
            openText().raw(UNREADABLE);
            closeText();
        }
    }

    private void searchResult(int result) {
        text(in.member(result, Keys.TITLE));
        text(in.member(result, Keys.SOURCE));
        texts(in.member(result, Keys.CONTENT));
    }
}
