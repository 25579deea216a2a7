package dev.reverie.streams.http;

import static org.apache.pekko.http.javadsl.server.PathMatchers.longSegment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.reverie.actors.Asks;
import dev.reverie.streams.service.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Allow;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.Rejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.ExceptionWithErrorInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which address is answered by what, for whom, and how whatever goes wrong is told. */
final class Routes extends AllDirectives {

    /** Where deliveries come. */
    static final String SAMPLES = "/v1/samples";

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final AccessControl guard;
    private final SampleEndpoint samples;
    private final ClassEndpoints classes;
    private final MemoryEndpoints memory;
    private final StatusEndpoints status;
    private final HistoryEndpoints history;

    Routes(
            AccessControl guard,
            SampleEndpoint samples,
            ClassEndpoints classes,
            MemoryEndpoints memory,
            StatusEndpoints status,
            HistoryEndpoints history) {
        this.guard = guard;
        this.samples = samples;
        this.classes = classes;
        this.memory = memory;
        this.status = status;
        this.history = history;
    }

    /** Every request gets an answer, and every answer that is a problem says so in the same form. */
    Route sealed(Route further) {
        return concat(api(), health(), problemTypes(), description(), new WebPage().route(), readable(further))
                .seal(rejections(), exceptions());
    }

    private Route api() {
        return pathPrefix(
                "v1",
                () -> concat(
                        path(
                                "samples",
                                () -> post(() -> allow(TokenRole.INGEST, SampleEndpoint.PARAMETERS, samples::take))),
                        pathPrefix("classes", this::classes),
                        pathPrefix("history", this::history),
                        path(
                                "memory",
                                () -> get(() ->
                                        allow(TokenRole.READ, MemoryEndpoints.WHOLE_PARAMETERS, memory::whole))),
                        path(
                                segment("memory").slash("sample"),
                                () -> get(() ->
                                        allow(TokenRole.READ, MemoryEndpoints.SAMPLE_PARAMETERS, memory::sample))),
                        path("status", () -> get(() -> allow(TokenRole.READ, _ -> status.totals()))),
                        path(
                                "events",
                                () -> get(() -> allow(TokenRole.READ, request -> done(status.events(request)))))));
    }

    private Route classes() {
        return concat(
                pathEnd(() -> get(() -> allow(TokenRole.READ, _ -> classes.all()))),
                path(
                        segment(),
                        label -> concat(
                                get(() -> allow(TokenRole.READ, _ -> classes.one(label))),
                                delete(() -> allow(TokenRole.ADMIN, _ -> classes.forget(label))))),
                path(
                        segment().slash("images.png"),
                        label -> get(() -> allow(TokenRole.READ, _ -> classes.picture(label)))),
                path(segment().slash("seal"), label -> post(() -> allow(TokenRole.ADMIN, _ -> classes.seal(label)))));
    }

    private Route history() {
        return concat(
                pathEnd(() -> get(() -> allow(TokenRole.READ, _ -> done(history.all())))),
                path(
                        segment("pictures").slash(segment()),
                        name -> get(() -> allow(TokenRole.READ, _ -> done(history.picture(name))))),
                path(longSegment(), number -> get(() -> allow(TokenRole.READ, _ -> done(history.one(number))))));
    }

    private Route health() {
        return concat(
                path("livez", () -> get(() -> completeWithFuture(status.alive()))),
                path("readyz", () -> get(() -> extractRequest(request -> completeWithFuture(status.ready(request))))));
    }

    /** The type of a problem is an address: it says what the problem means. */
    private Route problemTypes() {
        return path(
                segment("problems").slash(segment()),
                slug -> get(() -> ProblemType.of(slug)
                        .map(problem -> complete(Responses.json(Problem.describing(problem))))
                        .orElseGet(() -> complete(notFound()))));
    }

    /** Everything that is answered here, in OpenAPI. */
    private Route description() {
        return path(
                "openapi.yaml",
                () -> get(() -> getFromResource("dev/reverie/streams/http/openapi.yaml", Responses.YAML)));
    }

    /** Where nothing is, or another method is wanted, that is said first. */
    private Route readable(Route further) {
        return extractRequest(request -> guard.refusal(request, TokenRole.READ)
                .map(refusal -> mapResponse(_ -> refusal, () -> further))
                .orElse(further));
    }

    /** An endpoint without query parameters. */
    private Route allow(TokenRole role, Function<HttpRequest, CompletionStage<HttpResponse>> endpoint) {
        return allow(role, List.of(), endpoint);
    }

    /** An endpoint that only a token of the role may call, with no other query parameters than these. */
    private Route allow(
            TokenRole role, List<String> parameters, Function<HttpRequest, CompletionStage<HttpResponse>> endpoint) {
        return extractRequest(
                request -> guard.refusal(request, role).map(refusal -> complete(refusal)).orElseGet(() -> {
                    QueryParameters.of(request).requireKnown(parameters);
                    return completeWithFuture(endpoint.apply(request));
                }));
    }

    private static CompletionStage<HttpResponse> done(HttpResponse answer) {
        return CompletableFuture.completedStage(answer);
    }

    private RejectionHandler rejections() {
        return RejectionHandler.newBuilder()
                .handleAll(MethodRejection.class, this::methodNotAllowed)
                .handle(
                        Rejection.class,
                        _ -> complete(Responses.problem(
                                ProblemType.REQUEST_INVALID,
                                "the request cannot be answered as it is: see /openapi.yaml")))
                .handleNotFound(complete(notFound()))
                .build();
    }

    private Route methodNotAllowed(List<MethodRejection> rejections) {
        HttpMethod[] allowed =
                rejections.stream().map(MethodRejection::supported).distinct().toArray(HttpMethod[]::new);
        return complete(Responses.problem(
                        ProblemType.METHOD_NOT_ALLOWED, "this address does not take this method: see the header Allow")
                .addHeader(Allow.create(allowed)));
    }

    private static HttpResponse notFound() {
        return Responses.problem(ProblemType.NOT_FOUND, "nothing is at this address: see /openapi.yaml");
    }

    private ExceptionHandler exceptions() {
        return ExceptionHandler.newBuilder()
                .matchAny(failure -> complete(answer(Asks.causeOf(failure))))
                .build();
    }

    private static HttpResponse answer(Throwable failure) {
        return switch (failure) {
            case ProblemException problem -> problem.answer();
            case UnavailableException e ->
                ProblemException.passing(ProblemType.NOT_READY, String.valueOf(e.getMessage()), SOON)
                        .answer();
            case ExceptionWithErrorInfo e ->
                Responses.problem(
                        ProblemType.REQUEST_INVALID,
                        "the request cannot be understood: " + e.info().summary());
            default -> {
                LOG.error("a request failed", failure);
                yield Responses.problem(
                        ProblemType.INTERNAL, "the service failed at this request: its log says why; try again");
            }
        };
    }
}
