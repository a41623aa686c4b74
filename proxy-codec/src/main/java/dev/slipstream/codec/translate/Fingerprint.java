package dev.slipstream.codec.translate;

/**
 * A hash that is the same on every machine and in every version, so that what is renamed by it is renamed alike in every
 * request of a conversation. Not one an attacker could not collide: who does mixes up his own names only.
 */
final class Fingerprint {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final char[] DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray();
    private static final int HEX = 16;
    private static final int ALPHANUMERIC = 62;

    private Fingerprint() {}

    /** FNV-1a over the UTF-16 units, its bits mixed once more by the finalizer of MurmurHash3. */
    private static long of(CharSequence text, long seed) {
        long hash = OFFSET ^ seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }

    /** {@code digits} hexadecimal digits, at most 32. */
    static String hex(CharSequence text, int digits) {
        return digits(text, digits, HEX);
    }

    /** {@code digits} letters and digits, at most 20. */
    static String alphanumeric(CharSequence text, int digits) {
        return digits(text, digits, ALPHANUMERIC);
    }

    private static String digits(CharSequence text, int digits, int radix) {
        int each = radix == HEX ? 16 : 10;
        StringBuilder out = new StringBuilder(digits);
        long rest = 0;
        for (int i = 0; i < digits; i++) {
            if (i % each == 0) {
                rest = of(text, i);
            }
            out.append(DIGITS[(int) Long.remainderUnsigned(rest, radix)]);
            rest = Long.divideUnsigned(rest, radix);
        }
        return out.toString();
    }
}
