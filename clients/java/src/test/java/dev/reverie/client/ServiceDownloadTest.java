package dev.reverie.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A client that waits for a response")
@Timeout(60)
class ServiceDownloadTest {

    @Test
    @DisplayName("stops waiting for a service that stops in the middle of a response")
    void limitsSilence() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
                ReverieClient client = ReverieClient.builder("127.0.0.1:" + silent.getLocalPort())
                        .timeout(Duration.ofSeconds(3))
                        .build()) {
            CompletableFuture<List<Socket>> served =
                    CompletableFuture.supplyAsync(() -> List.of(answerInPart(silent), answerInPart(silent)));

            assertThatThrownBy(client::status)
                    .isInstanceOf(ReverieException.Unreachable.class)
                    .hasMessageContaining("has not answered within 3 s: check that it runs");
            try (InputStream backup = client.backup()) {
                assertThat(backup.read()).isEqualTo('{');
                assertThatThrownBy(backup::read)
                        .isInstanceOf(IOException.class)
                        .hasMessage("the service has sent nothing for 3 s: check that it runs, and try again");
            }
            for (Socket connection : served.join()) {
                connection.close();
            }
        }
    }

    @Test
    @DisplayName("also stops if a byte arrives just when the time ends")
    void arrivesAtTheLimit() throws IOException {
        try (InputStream download = new ServiceDownload(new LateBody(), Duration.ofMillis(10))) {
            assertThat(download.read()).isEqualTo('{');
            assertThatThrownBy(download::read)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("the service has sent nothing for");
        }
    }

    @Test
    @DisplayName("also stops when it skips bytes")
    void limitsSilenceWhileSkipping() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket connection = new Socket(silent.getInetAddress(), silent.getLocalPort());
                InputStream download = new ServiceDownload(connection.getInputStream(), Duration.ofMillis(10))) {
            assertThatThrownBy(() -> download.skipNBytes(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("the service has sent nothing for");
        }
    }

    @Test
    @DisplayName("skips no more bytes than the response has")
    void skips() throws IOException {
        InputStream body = new ByteArrayInputStream(new byte[] {1, 2, 3, 4});
        try (InputStream download = new ServiceDownload(body, Duration.ofSeconds(60))) {
            assertThat(download.skip(-1)).isZero();
            assertThat(download.skip(2)).isEqualTo(2);
            assertThat(download.read()).isEqualTo(3);
            assertThat(download.skip(2)).isEqualTo(1);
            assertThat(download.skip(2)).isZero();
        }
    }

    @Test
    @DisplayName("names the setting that limits the time of a backup if the connection breaks")
    void brokenBackup() throws Exception {
        try (ServerSocket breaking = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ReverieClient client = ReverieClient.builder("127.0.0.1:" + breaking.getLocalPort())
                        .build()) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> end(answerInPart(breaking)));

            try (InputStream backup = client.backup()) {
                assertThat(backup.read()).isEqualTo('{');
                assertThatThrownBy(backup::read)
                        .isInstanceOf(IOException.class)
                        .hasMessage("the connection to the service broke: try again, and raise"
                                + " reverie.http.backup-time of the service if a backup takes longer than that");
            }
            served.join();
        }
    }

    /** A body whose only byte arrives when the body is closed. */
    private static final class LateBody extends InputStream {

        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private boolean ended;

        @Override
        public int read() throws IOException {
            if (ended) {
                throw new IOException("closed");
            }
            closed.join();
            ended = true;
            return '{';
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            bytes[offset] = (byte) read();
            return 1;
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }

    private static void end(Socket connection) {
        try {
            connection.shutdownOutput();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Sends the head of a response and one byte of its body, and leaves the connection open. The caller must keep the
     * socket: the garbage collector closes sockets that nobody refers to.
     */
    private static Socket answerInPart(ServerSocket server) {
        try {
            Socket connection = server.accept();
            connection.getInputStream().readNBytes(1);
            connection
                    .getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
            return connection;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
