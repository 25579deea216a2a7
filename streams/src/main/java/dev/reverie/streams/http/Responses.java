package dev.reverie.streams.http;

import dev.reverie.streams.json.ApiJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.ETag;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.CompletionTimeoutException;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Creates HTTP responses. */
final class Responses {

    static final ContentType NPZ = ContentTypes.create(MediaTypes.applicationBinary("x-npz", false, "npz"));
    static final ContentType ZIP = ContentTypes.create(MediaTypes.APPLICATION_ZIP);
    static final ContentType PNG = ContentTypes.create(MediaTypes.IMAGE_PNG);

    /** The type of the problem in a response; used for the metrics and never sent. */
    static final AttributeKey<ProblemType> PROBLEM_TYPE = AttributeKey.create("problem", ProblemType.class);

    /** The time at which the memory in a response last changed; used for the metrics and never sent. */
    static final AttributeKey<Instant> CHANGED = AttributeKey.create("changed", Instant.class);

    /** Forbids every cache to keep a response. */
    static final HttpHeader NO_STORE = RawHeader.create("Cache-Control", "no-store");

    static final HttpHeader CLOSE = Connection.create("close");

    private static final ContentType.NonBinary PROBLEM_JSON =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    /** Size of the chunks of a large response, in bytes. It limits how much a connection buffers. */
    private static final int CHUNK = 256 << 10;

    /** Time within which a large response must start; afterwards its place is given to another client. */
    static final Duration START_TIMEOUT = Duration.ofMinutes(1);

    /** Headers of every response: other origins must not embed the content, and browsers must not guess its type. */
    private static final List<HttpHeader> PROTECTION = List.of(
            RawHeader.create("Cross-Origin-Resource-Policy", "same-origin"),
            RawHeader.create("X-Content-Type-Options", "nosniff"));

    private Responses() {}

    static HttpResponse secured(HttpResponse response) {
        return response.addHeaders(PROTECTION);
    }

    static HttpResponse json(Object body) {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, ApiJson.text(body)))
                .addHeader(NO_STORE);
    }

    /**
     * Responds with what has a tag, or without a body if the client has it already (RFC 9110, section 13.1.2). Clients
     * may cache the response, but must ask each time whether it is current.
     *
     * @param whole creates the response with the body
     */
    static CompletionStage<HttpResponse> revalidated(
            HttpRequest request, EntityTag tag, Supplier<CompletionStage<HttpResponse>> whole) {
        CompletionStage<HttpResponse> response = has(request, tag.tag())
                ? CompletableFuture.completedStage(HttpResponse.create().withStatus(StatusCodes.NOT_MODIFIED))
                : whole.get();
        return response.thenApply(
                each -> each.addHeader(ETag.create(tag)).addHeader(RawHeader.create("Cache-Control", "no-cache")));
    }

    /**
     * Returns whether {@code If-None-Match}, which need not be well-formed, names the tag. A client that sends only
     * {@code *} has any.
     */
    private static boolean has(HttpRequest request, String tag) {
        return AccessControl.headers(request, "If-None-Match").stream()
                .anyMatch(value -> value.strip().equals("*")
                        || QUOTED.matcher(value).results().anyMatch(found -> tag.equals(found.group(1))));
    }

    /**
     * Creates a response that streams bytes to one client as fast as the client reads them. The array is not copied.
     *
     * @param time time after which the connection is closed if the client has not read the bytes
     * @param release runs once, when the bytes have been sent or the client has disconnected
     */
    static HttpResponse bytes(ContentType type, byte[] content, Duration time, Runnable release) {
        Source<ByteString, NotUsed> chunks = Source.range(0, Math.ceilDiv(content.length, CHUNK) - 1)
                .map(chunk -> ByteString.fromArrayUnsafe(
                        content, chunk * CHUNK, Math.min(CHUNK, content.length - chunk * CHUNK)))
                .completionTimeout(time)
                .mapError(CompletionTimeoutException.class, _ -> ResponseTimeoutException.notRead(time));
        return HttpResponse.create()
                .withEntity(HttpEntities.create(type, content.length, releasing(chunks, START_TIMEOUT, release)));
    }

    /**
     * Runs {@code release} once, when the stream ends. If a client disconnects before the stream starts, the stream
     * never ends; {@code release} therefore also runs if the stream does not start within the timeout. A stream that
     * starts later fails at once.
     */
    static <T> Source<T, NotUsed> releasing(Source<T, NotUsed> stream, Duration startTimeout, Runnable release) {
        CompletableFuture<Boolean> started = new CompletableFuture<>();
        CompletionStage<Boolean> decided =
                started.completeOnTimeout(false, startTimeout.toMillis(), TimeUnit.MILLISECONDS);
        decided.thenAccept(isStarted -> {
            if (!isStarted) {
                release.run();
            }
        });
        return Source.fromMaterializer((_, _) -> started.complete(true)
                        ? stream.watchTermination((nothing, end) -> {
                            end.whenComplete((_, _) -> release.run());
                            return nothing;
                        })
                        : Source.failed(ResponseTimeoutException.notStarted(startTimeout)))
                .mapMaterializedValue(_ -> NotUsed.getInstance());
    }

    static boolean closesConnection(HttpResponse response) {
        return response.getHeader(Connection.class).isPresent();
    }

    static HttpResponse problem(ProblemType type, String detail) {
        return problem(type, type.status(), type.problem(detail));
    }

    /** Creates a problem response whose status differs from that of its type, or whose body has additional members. */
    static HttpResponse problem(ProblemType type, StatusCode status, Object body) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(PROBLEM_JSON, ApiJson.text(body)))
                .addHeader(NO_STORE)
                .addAttribute(PROBLEM_TYPE, type);
    }
}
