package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.streams.service.InMemoryService;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @Test
    @DisplayName("With a certificate, the API accepts HTTPS only")
    void speaksHttps(@TempDir Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        SSLContext tls = context(keyStore(folder.resolve("key.p12")));
        try (Server server = new Server(HttpSettings.on(0), BearerTokens.none(), Optional.of(tls));
                HttpClient client = HttpClient.newBuilder().sslContext(tls).build();
                Connection plain = new Connection(server.port())) {
            URI address = URI.create("https://localhost:" + server.port() + "/livez");

            assertThat(client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(plain.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .rest())
                    .doesNotContain("HTTP/1.1");
        }
    }

    @Test
    @DisplayName("A changed certificate is used for new connections, while open connections go on")
    void changedCertificate(@TempDir Path folder) throws Exception {
        SSLContext first = context(keyStore(folder.resolve("first.p12")));
        SSLContext second = context(keyStore(folder.resolve("second.p12")));
        AtomicReference<SSLContext> current = new AtomicReference<>(first);
        try (Server server = new Server(
                        new InMemoryService(), HttpSettings.on(0), BearerTokens::none, Optional.of(current::get));
                SSLSocket open = connect(first, server.port())) {
            assertThat(status(open)).isEqualTo("HTTP/1.1 200 OK");

            current.set(second);

            try (SSLSocket fresh = connect(second, server.port())) {
                assertThat(status(fresh)).isEqualTo("HTTP/1.1 200 OK");
            }
            assertThatThrownBy(() -> connect(first, server.port())).isInstanceOf(SSLHandshakeException.class);
            assertThat(status(open)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private static SSLSocket connect(SSLContext trusting, int port) throws IOException {
        SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("localhost", port);
        socket.startHandshake();
        return socket;
    }

    /** Sends a request and returns the first line of the response, which must have a short body. */
    private static String status(SSLSocket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder response = new StringBuilder();
        while (response.indexOf("{\"alive\":true}") < 0) {
            response.append((char) socket.getInputStream().read());
        }
        return response.substring(0, response.indexOf("\r"));
    }

    private static KeyStore keyStore(Path file) throws IOException, InterruptedException, GeneralSecurityException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = List.of(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "reverie",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString());
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    /** Creates a TLS context that presents and trusts the certificate of the store. */
    private static SSLContext context(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
