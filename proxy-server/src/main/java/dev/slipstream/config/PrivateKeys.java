package dev.slipstream.config;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/**
 * Private keys in the three forms in which tools write them. The JDK reads PKCS#8 (RFC 5208) alone; the older forms, of
 * RSA (RFC 8017 §A.1.2) and of elliptic curves (RFC 5915), are its content without its head.
 */
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xA0;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};

    /** 1.2.840.113549.1.1.1, rsaEncryption, and its NULL. */
    private static final byte[] RSA = {
        0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0
    };

    /** 1.2.840.10045.2.1, id-ecPublicKey. */
    private static final byte[] EC = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

    private PrivateKeys() {}

    /**
     * @param label of the PEM block
     * @throws GeneralSecurityException if it is no key of a kind that is known
     * @throws IllegalArgumentException if it is no DER
     */
    static PrivateKey read(String label, byte[] der) throws GeneralSecurityException {
        byte[] pkcs8 = switch (label) {
            case "RSA PRIVATE KEY" -> pkcs8(RSA, der);
            case "EC PRIVATE KEY" -> pkcs8(joined(EC, curveOf(der)), der);
            default -> der;
        };
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException another) {
                // Of another algorithm, most likely.
            }
        }
        throw new InvalidKeySpecException("neither RSA, nor EC, nor Ed25519");
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return tagged(SEQUENCE, joined(VERSION_0, tagged(SEQUENCE, algorithm), tagged(OCTETS, key)));
    }

    /** The curve's identifier: what the first member tagged 0 of the key's sequence holds. */
    private static byte[] curveOf(byte[] key) {
        int at = contentOf(key, 0, SEQUENCE);
        while (at < key.length) {
            int length = lengthAt(key, at + 1);
            int content = at + 1 + lengthBytes(key, at + 1);
            if (length > key.length - content) {
                break;
            }
            if ((key[at] & 0xFF) == PARAMETERS) {
                return Arrays.copyOfRange(key, content, content + length);
            }
            at = content + length;
        }
        throw new IllegalArgumentException("it names no curve");
    }

    private static int contentOf(byte[] der, int at, int tag) {
        if (der.length <= at || (der[at] & 0xFF) != tag) {
            throw new IllegalArgumentException("not the form that its label tells");
        }
        return at + 1 + lengthBytes(der, at + 1);
    }

    private static int lengthBytes(byte[] der, int at) {
        return at < der.length && der[at] < 0 ? 1 + (der[at] & 0x7F) : 1;
    }

    private static int lengthAt(byte[] der, int at) {
        int bytes = lengthBytes(der, at);
        if (at + bytes > der.length || bytes > 4) {
            throw new IllegalArgumentException("cut off");
        }
        int length = bytes == 1 ? der[at] : 0;
        for (int i = 1; i < bytes; i++) {
            length = length << 8 | (der[at + i] & 0xFF);
        }
        return length;
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        // As short as it can be, which DER insists on.
        int bytes = content.length < 0x80 ? 0 : content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
        if (bytes > 0) {
            out.write(0x80 | bytes);
        }
        for (int shift = 8 * Math.max(0, bytes - 1); shift >= 0; shift -= 8) {
            out.write(content.length >> shift);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
