package dev.slipstream.config;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code listen.tls}, and the files it names: what does not load is an error at its line. */
final class ListenTlsReader {
    private static final String ROW = "listen.tls.";

    private final Problems problems;

    ListenTlsReader(Problems problems) {
        this.problems = problems;
    }

    /** Null where there is no such section, and then clients speak without TLS. */
    @Nullable
    ListenTls read(Entry.@Nullable Section section) {
        if (section == null) {
            return null;
        }
        List<CertificateFiles> certificates = new ArrayList<>();
        boolean isAlone = section.items("certificates").isEmpty();
        if (isAlone || isSet(section, "certificate") || isSet(section, "key")) {
            certificate(section, ROW, certificates);
        }
        for (Entry each : section.items("certificates")) {
            if (each instanceof Entry.Section further) {
                certificate(further, ROW + "certificates.[].", certificates);
            }
        }
        FieldReader fields = new FieldReader(section, ROW, problems);
        String clientCa = fields.text("client_ca");
        ClientCertificate asked =
                ClientCertificate.valueOf(fields.choice("client_certificate").toUpperCase(Locale.ROOT));
        clientCa(section, clientCa, asked);
        boolean http2 = fields.choice("http").equals("auto");
        TlsEngine engine = TlsEngine.valueOf(fields.choice("engine").toUpperCase(Locale.ROOT));
        return new ListenTls(List.copyOf(certificates), clientCa, asked, http2, engine);
    }

    private static boolean isSet(Entry.Section section, String key) {
        Entry.Leaf leaf = section.leaf(key);
        return leaf != null && !leaf.text().isEmpty();
    }

    private void certificate(Entry.Section section, String row, List<CertificateFiles> into) {
        if (!isSet(section, "certificate") || !isSet(section, "key")) {
            problems.error(section.origin(), Text.shown(section.path()) + ": needs a certificate and its key");
            return;
        }
        FieldReader fields = new FieldReader(section, row, problems);
        CertificateFiles files = new CertificateFiles(fields.text("certificate"), fields.text("key"));
        into.add(files);
        List<X509Certificate> chain = read(fields.leaf("certificate"), PemFiles::certificates);
        PrivateKey key = read(fields.leaf("key"), PemFiles::key);
        if (chain == null) {
            return;
        }
        X509Certificate own = chain.get(0);
        Entry.Leaf leaf = fields.leaf("key");
        if (key != null && leaf != null && !PemFiles.fits(key, own)) {
            problems.error(
                    leaf.origin(),
                    Text.shown(leaf.path()) + ": does not fit the certificate (" + Text.shown(files.certificate())
                            + ")");
        }
        try {
            own.checkValidity();
        } catch (CertificateException e) {
            problems.warning(Text.shown(section.path()) + ".certificate: clients will refuse it, for it is out of its"
                    + " time (" + Text.shown(String.valueOf(e.getMessage())) + ")");
        }
    }

    private void clientCa(Entry.Section section, String file, ClientCertificate asked) {
        Entry.Leaf leaf = section.leaf("client_ca");
        if (!file.isEmpty()) {
            read(leaf, PemFiles::certificates);
        }
        if (file.isEmpty() && asked != ClientCertificate.NONE) {
            problems.error(
                    section.origin(),
                    Text.shown(section.path()) + ": client_certificate needs a client_ca, which says who signs them");
        } else if (!file.isEmpty() && asked == ClientCertificate.NONE) {
            problems.warning(Text.shown(section.path())
                    + ": has a client_ca that nobody is held to, for client_certificate is none");
        }
    }

    private interface Reading<T> {
        T of(String file) throws IOException;
    }

    /** Null where it does not load, which is told. */
    private <T> @Nullable T read(Entry.@Nullable Leaf leaf, Reading<T> reading) {
        if (leaf == null) {
            return null;
        }
        try {
            return reading.of(leaf.text());
        } catch (IOException e) {
            problems.error(
                    leaf.origin(),
                    Text.shown(leaf.path()) + ": " + e.getMessage() + " (" + Text.shown(leaf.text()) + ")");
            return null;
        }
    }
}
