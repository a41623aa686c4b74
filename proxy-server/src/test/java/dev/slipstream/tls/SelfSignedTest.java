package dev.slipstream.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.PemFiles;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfSignedTest {
    private static final int IP_ADDRESS = 7;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aCertificateIsForTheAddressAndByItsOwnKey(String host) throws Exception {
        InetAddress address = InetAddress.getByName(host);
        PemFiles.Identity identity = SelfSigned.of(address);
        X509Certificate certificate = identity.chain().get(0);

        certificate.verify(certificate.getPublicKey());
        assertTrue(PemFiles.fits(identity.key(), certificate));
        assertEquals(3, certificate.getVersion());
        assertEquals("CN=slipstream", certificate.getSubjectX500Principal().getName());
        List<?> name = certificate.getSubjectAlternativeNames().iterator().next();
        assertEquals(IP_ADDRESS, name.get(0));
        assertEquals(address, InetAddress.getByName((String) name.get(1)));
        certificate.checkValidity(Date.from(Instant.parse("2001-01-01T00:00:00Z")));
        certificate.checkValidity(Date.from(Instant.parse("9999-12-31T00:00:00Z")));
    }

    @Test
    void eachHasAKeyOfItsOwn() throws Exception {
        InetAddress address = InetAddress.getLoopbackAddress();
        assertNotEquals(
                SelfSigned.of(address).chain().get(0).getPublicKey(),
                SelfSigned.of(address).chain().get(0).getPublicKey());
    }
}
