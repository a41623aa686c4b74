package dev.slipstream.transform;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.tokens.UsageEditor;
import dev.slipstream.codec.translate.ProviderError;

/** A provider's whole answer in the client's own dialect, with other figures of tokens. */
final class EditedWhole implements TranslatedWhole.Translation {
    private final UsageEditor editor = new UsageEditor();
    private final TokenScale scale;

    EditedWhole(TokenScale scale) {
        this.scale = scale;
    }

    @Override
    public boolean translate(JsonTree document, JsonOutput out) {
        if (!editor.edit(document, scale, out)) {
            out.raw(document.text(), 0, document.length());
        }
        return true;
    }

    @Override
    public ProviderError error() {
        throw new IllegalStateException("it never fails");
    }
}
