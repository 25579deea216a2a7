package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The HTTP API for samples")
class SampleEndpointTest {

    private static final String NPZ = "application/x-npz";

    @AutoClose
    private final Server server = Server.start();

    @Test
    @DisplayName("accepts NPZ batches, pictures and JSON Lines, and reports how many samples were new")
    void ingest() {
        byte[] batch = NpzBytes.greyImages(List.of("cat", "dog"))
                .texts("ids", List.of("1", "2"))
                .toBytes();
        byte[] png = Pictures.greyPng(2, 2);

        assertAccepted(2, 0, server.post("/v1/samples", NPZ, batch));
        assertAccepted(0, 2, server.post("/v1/samples", NPZ, batch));
        assertAccepted(1, 0, server.post("/v1/samples?label=T%C3%BCcher&id=3", "image/png", png));
        assertAccepted(1, 0, server.post("/v1/samples?label=cat", "image/jpeg", Pictures.jpeg(2, 2)));
        assertAccepted(
                1,
                0,
                server.post(
                        "/v1/samples",
                        "application/x-ndjson",
                        Pictures.line("owl", png).getBytes(StandardCharsets.UTF_8)));
        assertThat(server.refusals).isEmpty();
    }

    @Test
    @DisplayName("reports every decoded or undecodable body, but none that it refuses before decoding")
    void decoding() {
        int before = server.decoded.get();

        server.post("/v1/samples?label=cat", "image/png", Pictures.greyPng(2, 2));
        server.post("/v1/samples?label=cat", "image/png", new byte[] {1, 2, 3});
        server.post("/v1/samples?label=cat", "text/plain", Pictures.greyPng(2, 2));

        assertThat(server.decoded.get() - before).isEqualTo(2);
    }

    private static void assertAccepted(int accepted, int duplicates, HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Server.json(response).toString())
                .isEqualTo("{\"accepted\":%d,\"duplicates\":%d}".formatted(accepted, duplicates));
    }

    @Test
    @DisplayName("accepts a body without a Content-Length")
    void chunked() {
        byte[] batch = NpzBytes.greyImages(List.of("cat")).toBytes();

        HttpResponse<byte[]> response = server.send("/v1/samples", request -> request.header("Content-Type", NPZ)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(batch))));

        assertAccepted(1, 0, response);
    }

    @Test
    @DisplayName("accepts a body in chunks of any size up to the body limit")
    void largeChunk() {
        byte[] images = new byte[2000 * 784];
        new Random(0).nextBytes(images);
        byte[] batch = new NpzBytes()
                .array("images", "|u1", "(2000, 28, 28)", images)
                .texts("labels", Collections.nCopies(2000, "cat"))
                .toBytes();
        String head = "POST /v1/samples HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + NPZ
                + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

        try (Connection connection = new Connection(server.port())) {
            connection
                    .send(head + Integer.toHexString(batch.length) + "\r\n")
                    .send(batch)
                    .send("\r\n0\r\n\r\n");

            assertThat(batch).hasSizeGreaterThan(1 << 20);
            assertThat(connection.readUntil("duplicates")).startsWith("HTTP/1.1 200 OK");
        }
    }
}
