package dev.slipstream.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.config.PemFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.List;

/**
 * A certificate for an address, signed by its own key, for the process to speak TLS with itself. The key is made anew each
 * time, of the curve P-256, and is nowhere but in memory; so the certificate may be good for all times (RFC 5280
 * §4.1.2.5), whatever the clock says.
 *
 * <p>It is written out in DER here: the JDK reads certificates and makes none, and Netty's {@code SelfSignedCertificate}
 * writes its key to a file and needs Bouncy Castle, or classes that the JDK hides from 17 on.
 */
public final class SelfSigned {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int IP_ADDRESS = 0x87;

    private static final byte[] V3 = {2};
    private static final byte[] NO_UNUSED_BITS = {0};
    private static final byte[] SERIAL = {1};
    /** id-at-commonName, 2.5.4.3. */
    private static final byte[] COMMON_NAME = {0x55, 4, 3};
    /** id-ce-subjectAltName, 2.5.29.17. */
    private static final byte[] SUBJECT_ALT_NAME = {0x55, 0x1d, 0x11};
    /** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758 §3.2). */
    private static final byte[] ECDSA_WITH_SHA256 = {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};

    private static final byte[] FROM = "000101000000Z".getBytes(US_ASCII);
    private static final byte[] FOR_EVER = "99991231235959Z".getBytes(US_ASCII);
    private static final byte[] SUBJECT = "slipstream".getBytes(US_ASCII);

    private SelfSigned() {}

    /**
     * Makes one.
     *
     * @throws GeneralSecurityException where the JDK has no P-256
     */
    public static PemFiles.Identity of(InetAddress address) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        byte[] signed = toBeSigned(keys.getPublic().getEncoded(), address.getAddress());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(signed);
        byte[] der = der(SEQUENCE, signed, algorithm(), der(BIT_STRING, NO_UNUSED_BITS, signature.sign()));
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        return new PemFiles.Identity(List.of(certificate), keys.getPrivate());
    }

    /** TBSCertificate of RFC 5280 §4.1. */
    private static byte[] toBeSigned(byte[] publicKey, byte[] address) {
        byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OBJECT, COMMON_NAME), der(UTF8_STRING, SUBJECT))));
        byte[] alternative = der(
                SEQUENCE, der(OBJECT, SUBJECT_ALT_NAME), der(OCTET_STRING, der(SEQUENCE, der(IP_ADDRESS, address))));
        return der(
                SEQUENCE,
                der(VERSION, der(INTEGER, V3)),
                der(INTEGER, SERIAL),
                algorithm(),
                name,
                der(SEQUENCE, der(UTC_TIME, FROM), der(GENERALIZED_TIME, FOR_EVER)),
                name,
                publicKey,
                der(EXTENSIONS, der(SEQUENCE, alternative)));
    }

    private static byte[] algorithm() {
        return der(SEQUENCE, der(OBJECT, ECDSA_WITH_SHA256));
    }

    /** One element: its tag, its length, and {@code parts} one after another; fewer than 65,536 bytes of them. */
    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length > 0xff) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length > 0x7f) {
            out.write(0x81);
        }
        out.write(length);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
