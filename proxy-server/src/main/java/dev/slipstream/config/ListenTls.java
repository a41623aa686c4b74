package dev.slipstream.config;

import java.util.ArrayList;
import java.util.List;

/**
 * How clients are served by TLS.
 *
 * @param certificates the first one is for every name that no other one is for; never empty
 * @param clientCa PEM file with the authorities of clients' certificates; empty where none is asked for
 * @param http2 whether ALPN offers HTTP/2 beside HTTP/1.1
 */
public record ListenTls(
        List<CertificateFiles> certificates,
        String clientCa,
        ClientCertificate clientCertificate,
        boolean http2,
        TlsEngine engine) {
    /** Every file that is read. */
    public List<String> files() {
        List<String> files = new ArrayList<>();
        for (CertificateFiles each : certificates) {
            files.add(each.certificate());
            files.add(each.key());
        }
        if (!clientCa.isEmpty()) {
            files.add(clientCa);
        }
        return files;
    }
}
