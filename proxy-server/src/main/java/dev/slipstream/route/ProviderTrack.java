package dev.slipstream.route;

import org.jspecify.annotations.Nullable;

/**
 * How a provider has done, as far as the traffic shows it. Any thread; written where something changes, so that the
 * healthy case costs a read.
 */
public final class ProviderTrack {
    private volatile boolean asked;
    private volatile boolean failing;
    private volatile @Nullable String lastFailure;
    private volatile @Nullable String lastFailureDetail;
    private volatile long lastFailureEpochMillis;

    /** An attempt got an answer. */
    public void onAnswer() {
        if (!asked) {
            asked = true;
        }
        if (failing) {
            failing = false;
        }
    }

    /** An attempt got none. */
    public void onFailure(String word, String detail) {
        asked = true;
        lastFailure = word;
        lastFailureDetail = detail;
        lastFailureEpochMillis = System.currentTimeMillis();
        failing = true;
    }

    public boolean isAsked() {
        return asked;
    }

    public boolean isFailing() {
        return failing;
    }

    /** The word of the last failure; null if there was none. */
    public @Nullable String lastFailure() {
        return lastFailure;
    }

    /** What lay behind it, in a sentence for people; null if there was none. */
    public @Nullable String lastFailureDetail() {
        return lastFailureDetail;
    }

    /** When that was; 0 if never. */
    public long lastFailureEpochMillis() {
        return lastFailureEpochMillis;
    }
}
