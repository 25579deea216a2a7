package dev.reverie.deploy.api;

import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.serve.LocalService;
import dev.reverie.deploy.serve.RunningService;
import dev.reverie.streams.http.BearerTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A running service in the state that the examples assume: it has the classes of Fashion-MNIST, one of them sealed, and
 * accepts no more classes. It requires tokens, which equal the names of their roles.
 */
final class ExampleService implements AutoCloseable {

    private static final long PAUSE_NS = 10_000_000;

    private static final List<String> CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final RunningService service;
    private final HttpClient client = HttpClient.newHttpClient();

    private ExampleService(RunningService service) {
        this.service = service;
    }

    /** The response of the service; of an event stream, only the text up to the first event. */
    record Response(int status, HttpHeaders headers, String text) {

        /** Returns the media type without parameters. */
        String mediaType() {
            return headers.firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        }
    }

    /** Starts a service with an empty memory. */
    static ExampleService start(Path folder) throws IOException {
        Path tokens = Files.writeString(
                folder.resolve("tokens"),
                Stream.of("ingest", "read", "admin")
                        .map(role -> role + " " + BearerTokens.digest(role) + "\n")
                        .collect(Collectors.joining()));
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        RunningService service = LocalService.start(
                folder.resolve("store"),
                Map.of(
                        "reverie.http.tokens-file", tokens.toString(),
                        "reverie.limits.classes", Integer.toString(CLASSES.size())));
        service.storeRead().toCompletableFuture().join();
        return new ExampleService(service);
    }

    /**
     * Sends an image of every class and waits until they appear in the history, and it has a point of the learning
     * curves.
     */
    void fill() throws ReverieException {
        try (ReverieClient owner =
                ReverieClient.builder(service.address()).token("admin").build()) {
            owner.deliver(ExampleFiles.samples(0, CLASSES));
            owner.seal(CLASSES.getLast());
        }
        for (String path : List.of("/v1/history", "/v1/history/curves")) {
            while (send("GET", path, Optional.of("read"), request -> request)
                    .text()
                    .equals("[]")) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    /** Calls an operation without a body, on a class that does not exist; it opens no event stream. */
    Response call(ApiOperation operation, String query, Optional<String> token) {
        String address = operation.path().replace("{number}", "1").replaceAll("\\{\\w+}", "nobody");
        Response response;
        do {
            response = send(
                    operation.method(), address + query, token, request -> request.header("Last-Event-ID", "none"));
        } while (response.status() == 503); // it takes one backup at a time
        return response;
    }

    /** Sends a request and waits for the response. */
    Response send(String method, String address, Optional<String> token, UnaryOperator<HttpRequest.Builder> more) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.address().resolve(address))
                .timeout(TIMEOUT)
                .method(method, HttpRequest.BodyPublishers.noBody());
        token.ifPresent(known -> request.header("Authorization", "Bearer " + known));
        try {
            HttpResponse<InputStream> response = client.send(more.apply(request).build(), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                boolean eventStream = !method.equals("HEAD")
                        && response.headers().firstValue("Content-Type").equals(Optional.of("text/event-stream"));
                String text = eventStream ? firstEvent(body) : new String(body.readAllBytes(), StandardCharsets.UTF_8);
                return new Response(response.statusCode(), response.headers(), text);
            }
        } catch (IOException e) {
            throw new AssertionError(method + " " + address + " received no response", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String firstEvent(InputStream stream) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        StringBuilder text = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            text.append(line).append('\n');
            if (line.isEmpty() && text.indexOf("data:") >= 0) {
                return text.toString();
            }
        }
        throw new AssertionError("the stream ended without an event");
    }

    @Override
    public void close() {
        client.shutdownNow();
        service.close();
    }
}
