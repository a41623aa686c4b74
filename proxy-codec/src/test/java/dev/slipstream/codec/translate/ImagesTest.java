package dev.slipstream.codec.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import org.junit.jupiter.api.Test;

/** Images are found by the types of blocks, in the requests of both dialects. */
class ImagesTest {
    private static JsonTree request(String content) {
        JsonTree tree = new JsonTree();
        byte[] json = Translating.quoted("{'messages':[{'role':'user','content':'hi'},{'role':'user','content':"
                + content + "},{'role':'assistant','content':'image'}]}");
        tree.append(json, 0, json.length);
        assertEquals(JsonStatus.COMPLETE, tree.parse());
        return tree;
    }

    @Test
    void anImageIsFoundWhereverItStandsInTheHistory() {
        assertTrue(Images.in(request("[{'type':'image','source':{}}]")));
        assertTrue(Images.in(request("[{'type':'text','text':''},{'type':'image_url','image_url':{}}]")));
        assertTrue(Images.in(request("[{'type':'input_image'}]")));
        assertTrue(Images.in(request("[{'type':'tool_result','content':[{'type':'\\u0069mage'}]}]")));
        assertTrue(Images.in(
                request("[{'type':'document','source':{'type':'content','content':[{'type':'image','source':{}}]}}]")));
    }

    @Test
    void whatOnlySpeaksOfImagesIsNone() {
        assertFalse(Images.in(request("'{\\'type\\':\\'image\\'}'")));
        assertFalse(Images.in(request("[{'type':'text','text':'image','x':[{'type':'image'}]}]")));
        assertFalse(Images.in(request("[{'type':'tool_use','input':{'content':[{'type':'image'}]}}]")));
        assertFalse(Images.in(request("[7,null,{'type':7},{}]")));
        JsonTree none = new JsonTree();
        none.append(new byte[] {'{', '}'}, 0, 2);
        none.parse();
        assertFalse(Images.in(none));
    }

    @Test
    void documentsCountOnlyWhereTold() {
        for (String content :
                new String[] {"[{'type':'document','source':{'type':'base64'}}]", "[{'type':'file','file':{}}]"}) {
            assertFalse(Images.in(request(content)));
            assertTrue(Images.in(request(content), true));
        }
        assertFalse(Images.in(request("[{'type':'document','source':{'type':'text'}}]"), true));
    }
}
