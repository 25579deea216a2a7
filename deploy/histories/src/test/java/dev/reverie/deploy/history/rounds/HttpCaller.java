package dev.reverie.deploy.history.rounds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.Request;
import dev.reverie.deploy.history.SampleKey;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sends requests to a service, each once, and says what the answers mean for a history. Thread safe. */
public final class HttpCaller implements AutoCloseable {

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration READY_PATIENCE = Duration.ofSeconds(5);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final int STORAGE_FULL = 507;
    /** Part of the answer to a change that arrived before the service had read its store, and so has no effect. */
    private static final String STARTING = "the service is still reading its store";

    /** Status codes after which a request may have taken effect. */
    private static final Set<Integer> DEFERRED = Set.of(TOO_MANY_REQUESTS, UNAVAILABLE, STORAGE_FULL);

    private final URI address;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public HttpCaller(URI address) {
        this.address = address;
    }

    /** How the body of a delivery is written. */
    public enum Format {
        NPZ,
        LINES,
        /** Only for a single sample. */
        PNG
    }

    /** Delivers samples in a format; all other requests are sent with {@link #send}. */
    public Answer deliver(List<SampleKey> samples, Format format) {
        SampleKey first = samples.getFirst();
        HttpRequest.Builder request =
                switch (format) {
                    case NPZ -> post("/v1/samples", "application/x-npz", SampleImages.npz(samples));
                    case LINES -> post("/v1/samples", "application/x-ndjson", SampleImages.lines(samples));
                    case PNG ->
                        post(
                                "/v1/samples?label=" + first.label() + "&id=" + first.id(),
                                "image/png",
                                SampleImages.png(first));
                };
        return call(request, Set.of(TOO_MANY_REQUESTS), answer -> receipt(answer, samples));
    }

    /** An answer that counts samples, and names those that their classes refuse. */
    private static Answer receipt(byte[] body, List<SampleKey> samples) throws IOException {
        JsonNode receipt = JSON.readTree(body);
        List<SampleKey> refused = new ArrayList<>();
        for (JsonNode each : receipt.path("refused")) {
            SampleKey sample = samples.get(each.get("index").asInt());
            boolean isNamed = each.get("label").asText().equals(sample.label())
                    && each.get("id").asText().equals(sample.id());
            if (!isNamed || !each.get("reason").asText().equals("sealed")) {
                throw new IOException("a refusal that no seal explains: " + each);
            }
            refused.add(sample);
        }
        return new Answer.Accepted(
                receipt.get("accepted").asInt(), receipt.get("duplicates").asInt(), refused);
    }

    public Answer send(Request request) {
        return switch (request) {
            case Request.Deliver(var samples) -> deliver(samples, Format.NPZ);
            case Request.Delete(var label) ->
                change(request("/v1/classes/" + label).DELETE());
            case Request.Seal(var label) ->
                change(request("/v1/classes/" + label + "/seal").POST(BodyPublishers.noBody()));
            case Request.ReadClasses() -> call(request("/v1/classes"), HttpCaller::classes);
            case Request.ReadStatus() ->
                call(request("/v1/status"), answer -> {
                    JsonNode status = JSON.readTree(answer);
                    return new Answer.Status(
                            status.get("samples").asLong(),
                            status.get("classes").asInt());
                });
            case Request.ReadMemory() -> call(request("/v1/memory"), HttpCaller::memory);
        };
    }

    /** A full store refuses a change of a class at once. */
    private Answer change(HttpRequest.Builder request) {
        return call(request, Set.of(STORAGE_FULL), _ -> new Answer.Done());
    }

    /** Whether the service is ready; false if it does not answer. */
    public boolean isReady() {
        return readiness().isPresent();
    }

    /** The readiness checks of the service as JSON; empty if it is not ready or does not answer. */
    public Optional<String> readiness() {
        try {
            HttpResponse<String> response =
                    http.send(request("/readyz?verbose").timeout(READY_PATIENCE).build(), BodyHandlers.ofString());
            return Optional.of(response.body()).filter(_ -> response.statusCode() == 200);
        } catch (IOException unreachable) {
            return Optional.empty();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private HttpRequest.Builder post(String path, String type, byte[] body) {
        return request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE);
    }

    private interface Reading {
        Answer of(byte[] body) throws IOException;
    }

    private Answer call(HttpRequest.Builder request, Reading success) {
        return call(request, Set.of(), success);
    }

    private Answer call(HttpRequest.Builder request, Set<Integer> notStored, Reading success) {
        try {
            return read(http.send(request.build(), BodyHandlers.ofByteArray()), notStored, success);
        } catch (IOException unreachable) {
            return new Answer.Unknown(String.valueOf(unreachable));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return new Answer.Unknown("interrupted");
        }
    }

    private static Answer read(HttpResponse<byte[]> response, Set<Integer> notStored, Reading success) {
        int status = response.statusCode();
        String text = status + " " + new String(response.body(), StandardCharsets.UTF_8);
        try {
            if (notStored.contains(status) || (!notStored.isEmpty() && text.contains(STARTING))) {
                return new Answer.NotStored(text);
            }
            return status / 100 == 2 ? success.of(response.body()) : failure(response, text, success);
        } catch (IOException | RuntimeException malformed) {
            return new Answer.Unexpected(text);
        }
    }

    private static Answer failure(HttpResponse<byte[]> response, String text, Reading success) throws IOException {
        if (DEFERRED.contains(response.statusCode())) {
            return new Answer.Unknown(text);
        }
        return switch (JSON.readTree(response.body()).path("type").asText()) {
            case "/problems/class-sealed" -> success.of(response.body()); // counts all samples
            case "/problems/unknown-class" -> new Answer.NotFound();
            case "/problems/memory-empty" -> new Answer.Memory(Set.of());
            default -> new Answer.Unexpected(text);
        };
    }

    private static Answer classes(byte[] body) throws IOException {
        Map<String, Answer.ClassView> classes = new HashMap<>();
        for (JsonNode each : JSON.readTree(body)) {
            classes.put(
                    each.get("label").asText(),
                    new Answer.ClassView(
                            each.get("seen").asLong(),
                            each.get("phase").asText().equals("sealed")));
        }
        return new Answer.Classes(classes);
    }

    private static Answer memory(byte[] body) throws IOException {
        DistilledSet set = NpzFile.read(body, "the memory");
        Set<String> labels = new HashSet<>();
        set.parameterLabels().forEach(label -> labels.add(set.classes().nameOf(label)));
        return new Answer.Memory(labels);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
