package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.dataset.published.MnistFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherSourceTest {

    private static final byte[] PACKED = TinyRelease.gzipped("any archive".getBytes(StandardCharsets.UTF_8));
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How often the archive is sent to exceed its size by more than 2 MiB. */
    private static final int MORE_THAN_MARGIN = 1 + (2 << 20) / PACKED.length;

    private static final ReleaseFile ARCHIVE =
            ReleaseFile.asPublished("tiny.tar.gz", PACKED.length, TinyRelease.sha256(PACKED));

    private final HttpServer server;

    private Path folder;

    PublisherSourceTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start(@TempDir Path folder) {
        this.folder = folder;
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    @DisplayName("downloads and unpacks the four files")
    void downloads() throws IOException {
        serve(exchange -> answer(exchange, 200, TinyRelease.gzipped(TinyRelease.content(requested(exchange)))));

        assertThat(fetch()).contains(base().toString());
    }

    @Test
    @DisplayName("reports the status of a failed download")
    void passesOnTheStatus() {
        serve(exchange -> answer(exchange, 403, new byte[0]));

        assertThatThrownBy(this::fetch).hasMessageContaining("ubyte.gz with status 403); download");
    }

    @Test
    @DisplayName("reports a server that cannot be reached, and where to store the files by hand")
    void saysWhatToDo() {
        server.stop(0);

        assertThatThrownBy(() -> fetch(ARCHIVE))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot fetch tiny (" + base() + ": the server cannot be reached from here); download"
                        + " tiny.tar.gz by other means and put it into " + folder);
    }

    @Test
    @DisplayName("stores an archive unchanged, still gzipped")
    void keepsArchives() throws IOException {
        serve(exchange -> answer(exchange, 200, PACKED));

        assertThat(fetch(ARCHIVE)).contains(base().toString());

        assertThat(folder.resolve("tiny.tar.gz")).hasBinaryContent(PACKED);
        assertThat(folder.toFile().list()).as("nothing else is left").containsExactly("tiny.tar.gz");
        server.stop(0);
        assertThat(fetch(ARCHIVE)).as("it is not fetched twice").isEmpty();
    }

    @Test
    @DisplayName("leaves no file of an archive with a wrong checksum")
    void refusesOtherChecksums() {
        byte[] altered = PACKED.clone();
        altered[20] ^= 1;
        serve(exchange -> answer(exchange, 200, altered));

        assertThatThrownBy(() -> fetch(ARCHIVE)).hasMessageContaining("tiny.tar.gz differs from the published file");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("leaves no file of an incomplete download")
    void refusesHalves() {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, PACKED.length);
            exchange.getResponseBody().write(PACKED, 0, PACKED.length / 2);
            exchange.close(); // which hangs up
        });

        assertThatThrownBy(() -> fetch(ARCHIVE)).isInstanceOf(IOException.class).hasMessageContaining(base() + ": ");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("stops a download that does not end with the file")
    void refusesEndlessDownloads() {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < MORE_THAN_MARGIN; i++) {
                exchange.getResponseBody().write(PACKED);
            }
            exchange.close();
        });

        assertThatThrownBy(() -> fetch(ARCHIVE))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot fetch tiny (" + base() + ": the server sends more than the " + PACKED.length
                        + " bytes of tiny.tar.gz); download tiny.tar.gz by other means and put it into " + folder);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("downloads through the proxy that the environment names")
    void usesProxy() throws IOException {
        serve(exchange -> answer(
                exchange, "publisher.invalid".equals(exchange.getRequestURI().getHost()) ? 200 : 500, PACKED));

        fetch(ARCHIVE, source("http://publisher.invalid/data/", "http_proxy", address()));

        assertThat(folder.resolve("tiny.tar.gz")).hasBinaryContent(PACKED);
    }

    @Test
    @DisplayName("asks the proxy for a connection to a publisher with https")
    void usesProxyForHttps() throws IOException {
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> request = CompletableFuture.supplyAsync(() -> refusedRequest(proxy));
            PublisherSource source =
                    source("https://publisher.invalid/", "HTTPS_PROXY", "localhost:" + proxy.getLocalPort());

            assertThatThrownBy(() -> fetch(ARCHIVE, source)).isInstanceOf(IOException.class);

            assertThat(request).succeedsWithin(PATIENCE).isEqualTo("CONNECT publisher.invalid:443 HTTP/1.1");
        }
    }

    /** Refuses the first request and returns its first line. */
    private static String refusedRequest(ServerSocket proxy) {
        try (Socket connection = proxy.accept();
                BufferedReader request = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII))) {
            List<String> lines =
                    request.lines().takeWhile(line -> !line.isEmpty()).toList();
            connection
                    .getOutputStream()
                    .write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return lines.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("reports a proxy that it cannot use as the failure of the source")
    void refusesProxies() {
        assertThatThrownBy(() -> fetch(ARCHIVE, source("https://publisher.invalid/", "https_proxy", "socks5://p:1080")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "cannot fetch tiny (https://publisher.invalid/: https_proxy does not name an HTTP"
                                + " proxy: write http://HOST:PORT); download tiny.tar.gz");
    }

    private static PublisherSource source(String base, String variable, String value) {
        return new PublisherSource(URI.create(base), new ProxyVariables(Map.of(variable, value)));
    }

    private void serve(HttpHandler handler) {
        server.createContext("/data/", handler);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static MnistFile requested(HttpExchange exchange) {
        return Stream.of(MnistFile.values())
                .filter(file -> exchange.getRequestURI().getPath().equals("/data/" + file.fileName() + ".gz"))
                .findFirst()
                .orElseThrow();
    }

    private String address() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    private URI base() {
        return URI.create(address() + "/data/");
    }

    private PublisherSource source() {
        return new PublisherSource(base(), new ProxyVariables(Map.of()));
    }

    private Optional<String> fetch(ReleaseFile file) throws IOException {
        return fetch(file, source());
    }

    private Optional<String> fetch(ReleaseFile file, PublisherSource source) throws IOException {
        DatasetRelease release = new DatasetRelease("tiny", List.of(file), List.of(source));
        return new Fetcher(List.of(release)).fetch("tiny", folder, ProgressView.none());
    }

    private Optional<String> fetch() throws IOException {
        return new Fetcher(List.of(TinyRelease.from(source()))).fetch("tiny", folder, ProgressView.none());
    }
}
