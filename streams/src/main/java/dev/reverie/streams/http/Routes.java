package dev.reverie.streams.http;

import static org.apache.pekko.http.javadsl.server.PathMatchers.longSegment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.reverie.actors.Asks;
import dev.reverie.streams.http.BearerTokens.Role;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import dev.reverie.streams.service.ServiceException.StoreFullException;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
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
import org.apache.pekko.stream.SharedKillSwitch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps paths to endpoints, checks the role that each endpoint requires, and maps failures to problems. */
final class Routes extends AllDirectives {

    static final String SAMPLES = "/v1/samples";

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final Duration RETRY_AFTER_FULL = Duration.ofSeconds(10);

    private final AccessControl access;
    private final SampleEndpoint samples;
    private final ClassEndpoints classes;
    private final MemoryEndpoints memory;
    private final HistoryEndpoints history;
    private final ServiceEndpoints service;
    private final PublicFiles files;
    private final Optional<Function<HttpRequest, CompletionStage<HttpResponse>>> metrics;

    /** Creates the routes and all other endpoints; {@code events} ends all event streams. */
    Routes(
            ActorSystem<?> system,
            HttpSettings settings,
            ApiServer.Dependencies dependencies,
            RequestBodies bodies,
            SampleEndpoint samples,
            SharedKillSwitch events) {
        MemoryService live = dependencies.service();
        ResponseDeadline deadline = new ResponseDeadline(settings.answerTime());
        Answers answers = new Answers(settings.maxPendingBytes(), settings.answerTime(), settings.answerRate());
        Executor encoders =
                system.dispatchers().lookup(DispatcherSelector.fromConfig("reverie.http-encode-dispatcher"));
        this.access = new AccessControl(
                dependencies.tokens(),
                new OriginCheck(
                        dependencies.tokens().get().isEmpty() && !settings.insecure(),
                        dependencies.tls().map(_ -> "https")));
        this.samples = samples;
        this.classes = new ClassEndpoints(live, bodies, answers, deadline, dependencies.history());
        this.memory = new MemoryEndpoints(live, deadline, answers, encoders, settings.batchImages());
        this.history = new HistoryEndpoints(live, dependencies.history(), answers, deadline);
        this.service = new ServiceEndpoints(live, dependencies.refusals(), deadline, settings, events);
        this.files = new PublicFiles(dependencies.runbooks());
        this.metrics = dependencies.metrics();
    }

    /** Returns all routes. Every request gets a response, and every failure becomes a problem. */
    Route sealed() {
        Route all = concat(api(), health(), problemTypes(), files.route(), metrics());
        return extractRequest(request -> {
                    access.requireTrusted(request);
                    return all;
                })
                .seal(rejections(), exceptions());
    }

    private Route api() {
        return pathPrefix(
                "v1",
                () -> concat(
                        path("samples", () -> post(() -> allow(Role.INGEST, SampleEndpoint.PARAMETERS, samples::add))),
                        path(
                                segment("samples").slash(segment()).slash(segment()),
                                (label, id) ->
                                        delete(() -> allow(Role.ADMIN, List.of(), _ -> classes.withdraw(label, id)))),
                        pathPrefix("classes", this::classes),
                        pathPrefix("history", this::history),
                        path("memory", () -> read(MemoryEndpoints.GET_PARAMETERS, memory::get)),
                        path(
                                segment("memory").slash("sample"),
                                () -> read(MemoryEndpoints.SAMPLE_PARAMETERS, memory::sample)),
                        path("backup", () -> post(() -> allow(Role.ADMIN, List.of(), _ -> service.backup()))),
                        path("status", () -> read(_ -> service.status())),
                        path("cluster", () -> read(_ -> service.cluster())),
                        path(
                                "events",
                                () -> read(request -> CompletableFuture.completedStage(service.events(request))))));
    }

    private Route classes() {
        return concat(
                pathEnd(() -> read(_ -> classes.list())),
                path(
                        segment(),
                        label -> concat(
                                read(_ -> classes.get(label)),
                                patch(() -> allow(Role.ADMIN, List.of(), request -> classes.rename(label, request))),
                                delete(() -> allow(Role.ADMIN, List.of(), _ -> classes.forget(label))))),
                path(
                        segment().slash("merge"),
                        label -> post(() -> allow(
                                Role.ADMIN,
                                ClassEndpoints.MERGE_PARAMETERS,
                                request -> classes.merge(label, request)))),
                path(segment().slash("images.png"), label -> read(_ -> memory.picture(label))),
                path(
                        segment().slash("seal"),
                        label -> concat(
                                post(() -> allow(
                                        Role.ADMIN,
                                        ClassEndpoints.SEAL_PARAMETERS,
                                        request -> classes.seal(label, request))),
                                delete(() -> allow(Role.ADMIN, List.of(), _ -> classes.cancelSeal(label))))));
    }

    private Route history() {
        return concat(
                pathEnd(() -> read(_ -> history.list())),
                path("curves", () -> read(_ -> history.curves())),
                path(segment("curves").slash(segment()), label -> read(_ -> history.curve(label))),
                path(segment("pictures").slash(segment()), name -> read(_ -> history.picture(name))),
                path(longSegment(), number -> read(_ -> history.get(number))));
    }

    private Route health() {
        return concat(
                path("livez", () -> get(() -> completeWithFuture(service.livez()))),
                path(
                        "readyz",
                        () -> get(() -> extractRequest(request -> completeWithFuture(
                                service.readyz(request, access.rolesOf(request).contains(Role.READ)))))));
    }

    /** Describes each problem type at the path that is the type's URI. */
    private Route problemTypes() {
        return path(
                segment("problems").slash(segment()),
                slug -> get(() -> ProblemType.of(slug)
                        .map(problem -> complete(Responses.json(problem.description())))
                        .orElseGet(() -> complete(notFound()))));
    }

    /** Leaves the query parameters to whoever writes the metrics. */
    private Route metrics() {
        return metrics.map(scrape -> path("metrics", () -> get(() -> authorised(Role.READ, scrape))))
                .orElseGet(() -> reject());
    }

    /** Answers GET for the role {@code read}, without query parameters. */
    private Route read(Function<HttpRequest, CompletionStage<HttpResponse>> endpoint) {
        return read(List.of(), endpoint);
    }

    private Route read(List<String> parameters, Function<HttpRequest, CompletionStage<HttpResponse>> endpoint) {
        return get(() -> allow(Role.READ, parameters, endpoint));
    }

    /** Calls an endpoint if the request is authorised for the role and has no query parameters other than these. */
    private Route allow(
            Role role, List<String> parameters, Function<HttpRequest, CompletionStage<HttpResponse>> endpoint) {
        return authorised(role, request -> {
            QueryParameters.of(request).requireKnown(parameters);
            return endpoint.apply(request);
        });
    }

    private Route authorised(Role role, Function<HttpRequest, CompletionStage<HttpResponse>> endpoint) {
        return extractRequest(request -> {
            access.requireAuthorized(request, role);
            return completeWithFuture(endpoint.apply(request));
        });
    }

    private RejectionHandler rejections() {
        return RejectionHandler.newBuilder()
                .handleAll(MethodRejection.class, this::methodNotAllowed)
                .handle(
                        Rejection.class,
                        _ -> complete(Responses.problem(
                                ProblemType.REQUEST_INVALID,
                                "this path does not accept the request: see /openapi.yaml for the parameters"
                                        + " and bodies that it accepts")))
                .handleNotFound(extractRequest(request -> complete(notFound(request))))
                .build();
    }

    private Route methodNotAllowed(List<MethodRejection> rejections) {
        HttpMethod[] allowed = rejections.stream()
                .map(MethodRejection::supported)
                .flatMap(method -> method.equals(HttpMethods.GET)
                        ? Stream.of(method, HttpMethods.HEAD) // the server answers HEAD wherever there is GET
                        : Stream.of(method))
                .distinct()
                .toArray(HttpMethod[]::new);
        return complete(Responses.problem(
                        ProblemType.METHOD_NOT_ALLOWED,
                        "this path does not support the method of the request: use one of the methods in the Allow"
                                + " header")
                .addHeader(Allow.create(allowed)));
    }

    private static HttpResponse notFound(HttpRequest request) {
        return request.getUri().path().endsWith("/")
                ? Responses.problem(
                        ProblemType.NOT_FOUND,
                        "the service has no such path: omit the slash at its end, or see /openapi.yaml for all paths")
                : notFound();
    }

    static HttpResponse notFound() {
        return Responses.problem(
                ProblemType.NOT_FOUND, "the service has no such path: see /openapi.yaml for all paths");
    }

    private ExceptionHandler exceptions() {
        return ExceptionHandler.newBuilder()
                .matchAny(failure -> complete(toResponse(Asks.causeOf(failure))))
                .build();
    }

    private static HttpResponse toResponse(Throwable failure) {
        return switch (failure) {
            case ProblemException problem -> problem.toResponse();
            case UnavailableException e -> temporary(ProblemType.NOT_READY, e, ProblemException.RETRY_AFTER);
            case StoreFullException e -> temporary(ProblemType.STORAGE_FULL, e, RETRY_AFTER_FULL);
            case StoreDamagedException e ->
                Responses.problem(ProblemType.STORE_DAMAGED, String.valueOf(e.getMessage()));
            case ExceptionWithErrorInfo e ->
                Responses.problem(ProblemType.REQUEST_INVALID, MalformedRequests.detail(e.info()));
            default -> {
                LOG.error(
                        "A request failed because of an internal error; the client got status 500. Report the following"
                                + " stack trace as a bug, unless it shows that this machine is the cause.",
                        failure);
                yield Responses.problem(
                        ProblemType.INTERNAL,
                        "the service failed to process the request because of an internal error: try again; the log"
                                + " of the service shows the cause");
            }
        };
    }

    private static HttpResponse temporary(ProblemType type, RuntimeException failure, Duration retryAfter) {
        return ProblemException.temporary(type, String.valueOf(failure.getMessage()), retryAfter)
                .toResponse();
    }
}
