package dev.reverie.streams.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A client of the HTTP API on a local port. */
final class Caller implements AutoCloseable {

    /** A hundred times the time for the slowest response, so that only a hang takes longer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(100);

    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    Caller(int port) {
        this.port = port;
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    HttpResponse<byte[]> get(String path) {
        return send(path, request -> request);
    }

    HttpResponse<byte[]> post(String path, String type, byte[] body) {
        return send(path, request -> request.header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)));
    }

    HttpResponse<byte[]> send(String path, UnaryOperator<HttpRequest.Builder> request) {
        try {
            HttpRequest built = request.apply(HttpRequest.newBuilder(uri(path)).timeout(TIMEOUT))
                    .build();
            return client.send(built, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
