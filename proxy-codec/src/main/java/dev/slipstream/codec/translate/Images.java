package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonTree;

/**
 * Finds images in a request of either dialect by the types of its content blocks, anywhere in the history: a client
 * sends all of it again each time, so a conversation stays with the model that sees.
 */
public final class Images {
    private Images() {}

    /** Whether the request, its root an object, holds an image; a document is none. */
    public static boolean in(JsonTree request) {
        return in(request, false);
    }

    /**
     * Whether the request, its root an object, holds an image.
     *
     * @param documents whether files and documents that are no plain text count as images
     */
    public static boolean in(JsonTree request, boolean documents) {
        int messages = request.member(JsonTree.ROOT, Keys.MESSAGES);
        if (!request.isArray(messages)) {
            return false;
        }
        for (int message = request.first(messages);
                message != JsonTree.NONE;
                message = request.next(messages, message)) {
            if (inContent(request, request.member(message, Keys.CONTENT), documents)) {
                return true;
            }
        }
        return false;
    }

    /** Of blocks within blocks the depth is that of the document at most. */
    private static boolean inContent(JsonTree tree, int content, boolean documents) {
        if (!tree.isArray(content)) {
            return false;
        }
        for (int block = tree.first(content); block != JsonTree.NONE; block = tree.next(content, block)) {
            int type = tree.member(block, Keys.TYPE);
            if (tree.textIs(type, Keys.IMAGE)
                    || tree.textIs(type, Keys.IMAGE_URL)
                    || tree.textIs(type, Keys.INPUT_IMAGE)
                    || (documents && tree.textIs(type, Keys.FILE))
                    || (tree.textIs(type, Keys.TOOL_RESULT)
                            && inContent(tree, tree.member(block, Keys.CONTENT), documents))
                    || (tree.textIs(type, Keys.DOCUMENT) && inDocument(tree, block, documents))) {
                return true;
            }
        }
        return false;
    }

    private static boolean inDocument(JsonTree tree, int document, boolean documents) {
        int source = tree.member(document, Keys.SOURCE);
        int type = tree.member(source, Keys.TYPE);
        if (tree.textIs(type, Keys.CONTENT)) {
            return inContent(tree, tree.member(source, Keys.CONTENT), documents);
        }
        return documents && !tree.textIs(type, Keys.TEXT);
    }
}
