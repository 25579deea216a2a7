package dev.reverie.client;

import static java.net.HttpURLConnection.HTTP_BAD_GATEWAY;
import static java.net.HttpURLConnection.HTTP_GATEWAY_TIMEOUT;
import static java.net.HttpURLConnection.HTTP_INTERNAL_ERROR;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_NOT_MODIFIED;
import static java.net.HttpURLConnection.HTTP_UNAVAILABLE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reverie.npz.NpzException;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class ServiceResponse {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NO_ROOM = 507;

    private static final double MILLIS = 1e3;

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    ServiceResponse(HttpResponse<byte[]> response) {
        this(response, response.body());
    }

    ServiceResponse(HttpResponse<?> response, byte[] body) {
        this.status = response.statusCode();
        this.headers = response.headers();
        this.body = body;
    }

    byte[] body() {
        return body;
    }

    boolean isSuccess() {
        return status / 100 == 2;
    }

    /** Returns whether the client has the current memory already. */
    boolean isUnchanged() {
        return status == HTTP_NOT_MODIFIED;
    }

    /** Returns whether a proxy answered because the service does not. A service explains its responses with 503. */
    boolean isOfProxy() {
        boolean isUnexplained = status == HTTP_UNAVAILABLE
                && problem("type").isEmpty()
                && retryAfter().isEmpty();
        return isUnexplained || status == HTTP_BAD_GATEWAY || status == HTTP_GATEWAY_TIMEOUT;
    }

    @FunctionalInterface
    interface Reading<T> {
        T of(ServiceResponse response) throws IOException;
    }

    <T> T read(Reading<T> reading) throws ReverieException {
        if (!isSuccess()) {
            throw failure();
        }
        try {
            return reading.of(this);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw unreadable(e);
        }
    }

    /** Reads the body, unless the service reports an unknown class or an empty memory. */
    <T> Optional<T> readIfPresent(Reading<T> reading) throws ReverieException {
        return isAbsence() ? Optional.empty() : Optional.of(read(reading));
    }

    private boolean isAbsence() {
        String type = problem("type");
        return status == HTTP_NOT_FOUND && (type.endsWith("/unknown-class") || type.endsWith("/memory-empty"));
    }

    ReverieException failure() {
        if (isOfProxy()) {
            String message = "no service answers behind the proxy (status " + status + "): check that the service runs";
            return new ReverieException.Unreachable(message, new IOException("status " + status));
        }
        String detail = problem("detail");
        boolean isPermanent = problem("type").endsWith("/store-damaged");
        if (!isPermanent && (status == TOO_MANY_REQUESTS || status == HTTP_UNAVAILABLE || status == NO_ROOM)) {
            String state = status == NO_ROOM ? "the store of the service is full" : "the service is busy";
            return new ReverieException.Busy(state + (detail.isEmpty() ? "" : ": " + detail), retryAfter());
        }
        if (detail.isEmpty()) {
            return new ReverieException.Refused(
                    "the response has status " + status
                            + " and no explanation: check that a Reverie service runs at this address",
                    status,
                    "");
        }
        return new ReverieException.Refused(
                (status >= HTTP_INTERNAL_ERROR ? "the service failed: " : "the service refused: ") + detail,
                status,
                problem("type"),
                problem("accepted").isEmpty() ? null : partialReceipt());
    }

    private @Nullable DeliveryReceipt partialReceipt() {
        try {
            return receipt();
        } catch (IOException | IllegalArgumentException _) {
            return null;
        }
    }

    private ReverieException unreadable(Exception cause) {
        String reason = cause instanceof NpzException npz ? " (" + problem(npz) + ")" : "";
        ReverieException unreadable = new ReverieException.Refused(
                "the response does not come from Reverie" + reason
                        + ": check that a Reverie service runs at this address",
                status,
                "");
        unreadable.initCause(cause);
        return unreadable;
    }

    /** Returns a message without the advice at its end, which is for whoever saves arrays. */
    private static String problem(NpzException cause) {
        String message = String.valueOf(cause.getMessage());
        int advice = message.lastIndexOf(": ");
        return advice < 0 ? message : message.substring(0, advice);
    }

    private Optional<Duration> retryAfter() {
        return headers.firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }

    /** Returns a field of the problem details in the body; empty if the body contains no problem details. */
    private String problem(String field) {
        boolean isProblem = headers.firstValue("Content-Type")
                .filter(type -> type.startsWith("application/problem+json"))
                .isPresent();
        try {
            return isProblem ? json().path(field).asText("") : "";
        } catch (IOException _) {
            return "";
        }
    }

    private JsonNode json() throws IOException {
        return MAPPER.readTree(body);
    }

    DeliveryReceipt receipt() throws IOException {
        JsonNode json = json();
        return new DeliveryReceipt(
                json.required("accepted").intValue(),
                json.required("duplicates").intValue());
    }

    List<ClassStatus> classes() throws IOException {
        return json().valueStream().map(ServiceResponse::classOf).toList();
    }

    ClassStatus classStatus() throws IOException {
        return classOf(json());
    }

    private static ClassStatus classOf(JsonNode json) {
        JsonNode loss = json.path("matching_loss");
        return new ClassStatus(
                json.required("label").asText(),
                Optional.of(json.path("name")).filter(JsonNode::isTextual).map(JsonNode::asText),
                json.required("index").intValue(),
                ClassPhase.valueOf(json.required("phase").asText().toUpperCase(Locale.ROOT)),
                json.required("seen").longValue(),
                json.required("reservoir").intValue(),
                json.required("images").intValue(),
                json.required("inner_loops").longValue(),
                loss.isNumber() ? OptionalDouble.of(loss.doubleValue()) : OptionalDouble.empty(),
                Instant.parse(json.required("updated").asText()),
                json.path("seal_requested").asBoolean(false),
                json.path("damaged").asBoolean(false));
    }

    MemoryImages images() throws IOException {
        return MemoryImages.read(body);
    }

    LocalMemory.Copy memory() throws IOException {
        return new LocalMemory.Copy(headers.firstValue("ETag").orElse(""), images());
    }

    ServiceStatus serviceStatus() throws IOException {
        JsonNode json = json();
        return new ServiceStatus(
                json.required("samples").longValue(),
                json.required("classes").intValue(),
                json.required("inner_loops").longValue(),
                json.required("outer_iterations").longValue(),
                Duration.ofMillis(
                        Math.round(MILLIS * json.required("uptime_seconds").doubleValue())),
                json.required("worker").asText(),
                Optional.of(json.path("held_out")).filter(JsonNode::isObject).map(ServiceResponse::accuracyOf),
                json.path("refused")
                        .valueStream()
                        .map(ServiceResponse::refusalsOf)
                        .toList());
    }

    private static ServiceStatus.Refusals refusalsOf(JsonNode json) {
        JsonNode last = json.required("last");
        return new ServiceStatus.Refusals(
                json.required("source").asText(),
                json.required("reason").asText(),
                json.required("samples").longValue(),
                Optional.of(last.path("origin")).filter(JsonNode::isTextual).map(JsonNode::asText),
                last.required("detail").asText());
    }

    ClusterStatus cluster() throws IOException {
        JsonNode json = json();
        return new ClusterStatus(
                json.required("members")
                        .valueStream()
                        .map(ServiceResponse::memberOf)
                        .toList(),
                json.required("unreachable").valueStream().map(JsonNode::asText).toList(),
                json.required("shards")
                        .propertyStream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, shards -> shards.getValue().intValue())));
    }

    private static ClusterStatus.Member memberOf(JsonNode json) {
        JsonNode address = json.required("address");
        JsonNode classes = json.required("classes");
        return new ClusterStatus.Member(
                Optional.of(address).filter(JsonNode::isTextual).map(JsonNode::asText),
                json.required("state").asText(),
                classes.isNumber() ? OptionalInt.of(classes.intValue()) : OptionalInt.empty(),
                json.required("leader").booleanValue());
    }

    private static HeldOutAccuracy accuracyOf(JsonNode json) {
        return new HeldOutAccuracy(
                json.required("accuracy").doubleValue(),
                json.required("images").intValue(),
                json.required("classes").intValue(),
                json.required("memory_classes").intValue(),
                Instant.parse(json.required("taken").asText()),
                Instant.parse(json.required("tested").asText()));
    }
}
