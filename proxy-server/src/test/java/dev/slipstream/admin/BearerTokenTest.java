package dev.slipstream.admin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BearerTokenTest {
    @Test
    void withoutATokenEverybodyPasses() {
        assertTrue(new BearerToken("").accepts(null));
        assertTrue(new BearerToken("").accepts("Bearer whatever"));
    }

    @Test
    void withATokenOnlyThatTokenPasses() {
        BearerToken token = new BearerToken("s3cret");
        assertTrue(token.accepts("Bearer s3cret"));
        assertTrue(token.accepts("bearer  s3cret "));
        assertFalse(token.accepts(null));
        assertFalse(token.accepts(""));
        assertFalse(token.accepts("Bearer"));
        assertFalse(token.accepts("Bearer "));
        assertFalse(token.accepts("Bearer s3cre"));
        assertFalse(token.accepts("Bearer s3crett"));
        assertFalse(token.accepts("Basic s3cret"));
        assertFalse(token.accepts("s3cret"));
    }
}
