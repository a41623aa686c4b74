package dev.slipstream.bench.contract;

import dev.slipstream.bench.tls.TestIdentity;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A provider that tells of each connection whether its TLS session was resumed, and hangs up when a request comes. It
 * needs its private key for whole handshakes alone: that is how it tells.
 */
final class ResumingPeer implements AutoCloseable {
    private final TlsPeer peer;

    /** @param resumed takes a value for each connection whose handshake is done */
    ResumingPeer(TestIdentity identity, Queue<Boolean> resumed) throws IOException {
        Keys keys = new Keys(identity);
        SSLContext context;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        this.peer = TlsPeer.of((plain, decrypted) -> {
            int before = keys.used.get();
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
            socket.setUseClientMode(false);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            resumed.add(keys.used.get() == before);
            readRequest(socket);
            socket.close();
        });
    }

    /** Of HTTP/2, its preface. */
    private static void readRequest(Socket socket) throws IOException {
        if (socket.getInputStream().read() < 0) {
            throw new IOException("no request");
        }
    }

    String url() {
        return peer.url();
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }

    /** One key, and how often it was needed. */
    private static final class Keys extends X509ExtendedKeyManager {
        private static final String ALIAS = "one";

        final AtomicInteger used = new AtomicInteger();
        private final TestIdentity identity;

        Keys(TestIdentity identity) {
            this.identity = identity;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            used.incrementAndGet();
            return identity.key();
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {identity.certificate()};
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return keyType.equals("EC") ? ALIAS : null;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return keyType.equals("EC") ? ALIAS : null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
