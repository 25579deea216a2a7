package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.reverie.gpu.dataset.published.MnistFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherSourceTest {

    private static final byte[] PACKED = TinyRelease.gzipped(TinyRelease.tar());
    private static final ReleaseFile ARCHIVE = ReleaseFile.asPublished("tiny.tar.gz", TinyRelease.digest(PACKED));

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

        assertThat(fetch().source()).contains(base().toString());
    }

    @Test
    @DisplayName("reports the status of a failed download")
    void passesOnTheStatus() {
        serve(exchange -> answer(exchange, 403, new byte[0]));

        assertThatThrownBy(this::fetch).hasMessageContaining("ubyte.gz with status 403); download");
    }

    @Test
    @DisplayName("rejects a page that is served in place of a file")
    void noticesCaptivePortals() {
        serve(exchange -> answer(exchange, 200, "<html>log in".getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(this::fetch).hasMessageContaining("differs from the published file");
    }

    @Test
    @DisplayName("reports a server that does not respond")
    void noticesSilence() {
        server.stop(0);

        assertThatThrownBy(this::fetch).isInstanceOf(FetchException.class).hasMessageContaining(base() + ": ");
    }

    @Test
    @DisplayName("reports a server that cannot be reached, and where to store the files by hand")
    void saysWhatToDo() {
        server.stop(0);

        assertThatThrownBy(() -> fetch(ARCHIVE))
                .isInstanceOf(FetchException.class)
                .hasMessage("cannot fetch tiny (" + base() + ": the server cannot be reached from here); download"
                        + " tiny.tar.gz by other means and put it into " + folder);
    }

    @Test
    @DisplayName("stores an archive unchanged, still gzipped")
    void keepsArchives() throws IOException {
        serve(exchange -> answer(exchange, 200, PACKED));

        assertThat(fetch(ARCHIVE).source()).contains(base().toString());

        assertThat(folder.resolve("tiny.tar.gz")).hasBinaryContent(PACKED);
        assertThat(folder.toFile().list()).as("nothing else is left").containsExactly("tiny.tar.gz");
        server.stop(0);
        assertThat(fetch(ARCHIVE).source()).as("it is not fetched twice").isEmpty();
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

        assertThatThrownBy(() -> fetch(ARCHIVE))
                .isInstanceOf(FetchException.class)
                .hasMessageContaining(base() + ": ");
        assertThat(folder).isEmptyDirectory();
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

    private URI base() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/data/");
    }

    private FetchedDataset fetch(ReleaseFile file) throws IOException {
        DatasetRelease release = new DatasetRelease("tiny", List.of(file), List.of(new PublisherSource(base())));
        return new Fetcher(List.of(release)).fetch("tiny", folder, new SilentFetch());
    }

    private FetchedDataset fetch() throws IOException {
        return new Fetcher(List.of(TinyRelease.from(new PublisherSource(base()))))
                .fetch("tiny", folder, new SilentFetch());
    }
}
