package dev.reverie.streams.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.DeliveryOutcome.RefusedSample;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.ArrayHints;
import dev.reverie.gpu.dataset.ArrayHints.Layout;
import dev.reverie.streams.decode.DeliveryDecoder;
import dev.reverie.streams.decode.SampleRefusedException;
import dev.reverie.streams.ingest.Refusal;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaType;

/**
 * Receives deliveries of samples over HTTP.
 *
 * <pre>
 *   reserve bytes --> read body --> decode (own threads) --> admit --> respond, when durable
 * </pre>
 */
final class SampleEndpoint {

    /** Query parameters; a batch contains its labels and ids in the body, and only arrays have a layout. */
    static final List<String> PARAMETERS = List.of("label", "id", "layout");

    private static final String BATCH = "a batch, whose body contains the labels and ids";
    private static final String PICTURE = "a picture";

    /** The charsets of lines of JSON; ASCII is a part of UTF-8. */
    private static final Set<String> UTF_8 = Set.of("utf-8", "utf8", "us-ascii");

    /** The types that programs send if they know none. */
    private static final Set<String> ANY_BYTES =
            Set.of("none/none", "application/octet-stream", "application/x-www-form-urlencoded");

    private final MemoryService service;
    private final IngestListener listener;
    private final DeliveryDecoder decoder;
    private final FormReader forms;
    private final RequestBodies bodies;
    /** The bytes of the deliveries that have not been answered. */
    private final ByteBudget pending;

    private final Executor decodePool;
    private final ResponseDeadline deadline;

    SampleEndpoint(
            ActorSystem<?> system,
            HttpSettings settings,
            ApiServer.Dependencies dependencies,
            RequestBodies bodies,
            ByteBudget pending) {
        this.service = dependencies.service();
        this.listener = dependencies.listener();
        this.decoder = new DeliveryDecoder(settings.limits(), settings.resizing(), DeliveryDecoder.Terms.HTTP);
        this.forms = new FormReader(system, settings.limits(), settings.bodyTime());
        this.bodies = bodies;
        this.pending = pending;
        this.decodePool = system.dispatchers().lookup(DispatcherSelector.fromConfig("reverie.http-decode-dispatcher"));
        this.deadline = new ResponseDeadline(settings.answerTime());
    }

    /** Decodes a body into samples. */
    private interface BodyDecoder {
        List<Sample> decode(DeliveryDecoder decoder, byte[] body) throws SampleRefusedException;
    }

    CompletionStage<HttpResponse> add(HttpRequest request) {
        return CompletableFuture.completedStage(request).thenCompose(this::receive);
    }

    private CompletionStage<HttpResponse> receive(HttpRequest request) {
        BodyDecoder bodyDecoder = decoderOf(request);
        ByteBudget.Reservation reservation = pending.open(bodies.size(request)).orElseThrow(SampleEndpoint::overloaded);
        CompletionStage<byte[]> read = bodies.read(request, bytes -> {
            if (!reservation.grow(bytes)) {
                throw overloaded();
            }
        });
        CompletionStage<HttpResponse> response = read.thenApplyAsync(
                        body -> decode(bodyDecoder, body, reservation), decodePool)
                .thenCompose(samples -> admit(samples, reservation));
        response.whenComplete((_, _) -> reservation.release()); // even if the client no longer waits
        return read.thenCompose(_ -> deadline.await(response)); // reading the body has a separate timeout
    }

    private BodyDecoder decoderOf(HttpRequest request) {
        ContentType content = request.entity().getContentType();
        MediaType type = content.mediaType();
        String name = (type.mainType() + "/" + type.subType()).toLowerCase(Locale.ROOT);
        QueryParameters parameters = QueryParameters.of(request);
        if (!ANY_BYTES.contains(name)) {
            return decoderOf(name, content, parameters);
        }
        parameters.text("label").ifPresent(label -> requireNames(label, parameters.text("id")));
        return (decoding, body) ->
                decoderOf(DeliveryDecoder.typeOf(body), content, parameters).decode(decoding, body);
    }

    private BodyDecoder decoderOf(String type, ContentType content, QueryParameters parameters) {
        return switch (type) {
            case "application/x-npz" -> {
                refuse(parameters, BATCH, "label", "id");
                ArrayHints hints = hints(parameters);
                yield (decoding, body) -> decoding.batch(body, hints);
            }
            case "application/x-npy" -> array(parameters);
            case "application/json", "application/x-ndjson" -> {
                requireUtf8(content);
                refuse(parameters, BATCH, "label", "id");
                refuse(parameters, PICTURE, "layout");
                yield DeliveryDecoder::lines;
            }
            case "multipart/form-data" -> {
                refuse(parameters, BATCH, "label", "id");
                refuse(parameters, PICTURE, "layout");
                yield (decoding, body) -> decoding.form(forms.read(content, body), body.length);
            }
            case String picture when picture.startsWith("image/") -> image(parameters);
            default ->
                throw new ProblemException(
                        ProblemType.TYPE_UNSUPPORTED,
                        "the content type is not supported: set Content-Type to application/x-npz,"
                                + " application/x-npy, application/x-ndjson, multipart/form-data, or for a picture to image/png, image/jpeg"
                                + " or the like");
        };
    }

    private static void requireUtf8(ContentType type) {
        type.getCharsetOption()
                .filter(charset -> !UTF_8.contains(charset.value().toLowerCase(Locale.ROOT)))
                .ifPresent(_ -> {
                    throw new ProblemException(
                            ProblemType.TYPE_UNSUPPORTED,
                            "lines of JSON must be in UTF-8: send the body in UTF-8, with charset=utf-8 in Content-Type"
                                    + " or without a charset");
                });
    }

    /** @param why ends the message about a parameter that does not suit the body */
    private static void refuse(QueryParameters parameters, String why, String... names) {
        Stream.of(names)
                .filter(name -> parameters.text(name).isPresent())
                .findFirst()
                .ifPresent(name -> {
                    throw new ProblemException(
                            ProblemType.PARAMETER_INVALID,
                            "the query parameter '" + name + "' has no meaning for " + why + ": omit the parameter");
                });
    }

    private BodyDecoder array(QueryParameters parameters) {
        refuse(parameters, "an array, whose images are compared by their pixels", "id");
        String label = parameters.required("label");
        requireNames(label, Optional.empty());
        ArrayHints hints = hints(parameters);
        return (decoding, body) -> decoding.array(body, label, hints);
    }

    private ArrayHints hints(QueryParameters parameters) {
        Optional<Layout> layout = parameters
                .text("layout")
                .map(_ -> parameters.oneOf("layout", List.of(Layout.values()), Layout.CHANNELS_FIRST));
        return new ArrayHints(layout, service::imageShape);
    }

    private BodyDecoder image(QueryParameters parameters) {
        refuse(parameters, PICTURE, "layout");
        String label = parameters.required("label");
        Optional<String> id = parameters.text("id");
        requireNames(label, id);
        return (decoding, body) -> decoding.image(body, label, id);
    }

    private void requireNames(String label, Optional<String> id) {
        try {
            decoder.requireNames(label, id);
        } catch (SampleRefusedException e) {
            throw ProblemException.of(Refusal.of(e));
        }
    }

    private List<Sample> decode(BodyDecoder bodyDecoder, byte[] body, ByteBudget.Reservation reservation) {
        DeliveryDecoder reserving = decoder.reserving(working -> {
            if (!reservation.fit(body.length + working)) {
                throw overloaded();
            }
        });
        try (IngestListener.DecodeTimer _ = listener.decoding(IngestSource.HTTP)) {
            return bodyDecoder.decode(reserving, body);
        } catch (SampleRefusedException e) {
            throw ProblemException.of(Refusal.of(e));
        }
    }

    private CompletionStage<HttpResponse> admit(List<Sample> samples, ByteBudget.Reservation reservation) {
        Delivery delivery = new Delivery(IngestSource.HTTP, samples);
        if (!reservation.resize(Math.min(delivery.bytes(), pending.limit()))) { // a delivery on its own always fits
            throw overloaded();
        }
        return service.admit(delivery).thenApply(outcome -> respond(outcome, samples.size()));
    }

    static HttpResponse respond(DeliveryOutcome outcome, int samples) {
        return switch (outcome) {
            case DeliveryOutcome.Accepted(var accepted, var duplicates, var refused)
            when refused.isEmpty() -> Responses.json(new Receipt(accepted, duplicates));
            case DeliveryOutcome.Accepted accepted -> partlyRefused(accepted);
            case DeliveryOutcome.Refused refused -> throw ProblemException.of(Refusal.of(refused, samples));
            case DeliveryOutcome.Deferred deferred -> throw problem(deferred);
        };
    }

    /** The body of a response to samples that are all durable. */
    private record Receipt(int accepted, int duplicates) {}

    /**
     * The body of a response to samples of which some are refused, and all others durable.
     *
     * @param refusedTotal number of all refused samples
     */
    private record PartialReceipt(
            @JsonUnwrapped ProblemType.Problem problem,
            int accepted,
            int duplicates,
            List<RefusedSample> refused,
            int refusedTotal) {}

    private static HttpResponse partlyRefused(DeliveryOutcome.Accepted accepted) {
        Refusal refusal = Refusal.ofSamples(accepted.refused());
        ProblemType type = ProblemType.of(refusal.reason()).orElseThrow();
        PartialReceipt receipt = new PartialReceipt(
                type.problem(refusal.detail()),
                accepted.accepted(),
                accepted.duplicates(),
                accepted.refused().stream().limit(Refusal.MAX_NAMED).toList(),
                accepted.refused().size());
        return Responses.problem(type, type.status(), receipt).addAttribute(ProblemException.REFUSAL, refusal);
    }

    /** A client that sends the samples again does not mend a damaged store, so it is not asked to. */
    private static ProblemException problem(DeliveryOutcome.Deferred deferred) {
        ProblemType type = ProblemType.of(deferred.cause().label()).orElseThrow();
        return deferred.cause() == DeliveryOutcome.Cause.STORE_DAMAGED
                ? new ProblemException(type, deferred.detail())
                : ProblemException.temporary(type, deferred.detail(), deferred.retryAfter());
    }

    private static ProblemException overloaded() {
        return ProblemException.temporary(
                ProblemType.OVERLOADED,
                "too many bytes are waiting to be stored: send the request again after the time in Retry-After");
    }
}
