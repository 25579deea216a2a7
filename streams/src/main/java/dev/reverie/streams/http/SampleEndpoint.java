package dev.reverie.streams.http;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IngestSource;
import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.ImageFormat;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.SampleDecoder;
import dev.reverie.streams.decode.SampleRefusedException;
import dev.reverie.streams.ingest.Refusal;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaType;

/**
 * Takes samples in.
 *
 * <pre>
 *   room in hand? --> body --> decode (its own threads) --> admit --> answer, when durable
 * </pre>
 */
final class SampleEndpoint {

    /** Query parameters of a single picture; a batch has its labels and ids in the body. */
    static final List<String> PARAMETERS = List.of("label", "id");

    private static final Duration SOON = Duration.ofSeconds(1);

    private final MemoryService service;
    private final IngestListener listener;
    private final SampleDecoder decoder;
    private final RequestBodies bodies;
    private final ByteBudget inHand;
    private final Executor decoding;
    private final ResponseDeadline deadline;

    SampleEndpoint(
            HttpApi.Offer offer,
            IngestLimits limits,
            RequestBodies bodies,
            ByteBudget inHand,
            Executor decoding,
            ResponseDeadline deadline) {
        this.service = offer.service();
        this.listener = offer.listener();
        this.decoder = new SampleDecoder(limits, "the body");
        this.bodies = bodies;
        this.inHand = inHand;
        this.decoding = decoding;
        this.deadline = deadline;
    }

    /** Makes samples of a body. */
    private interface Decoding {
        List<Sample> of(byte[] body) throws SampleRefusedException;
    }

    CompletionStage<HttpResponse> take(HttpRequest request) {
        return CompletableFuture.completedStage(request).thenCompose(this::taken);
    }

    private CompletionStage<HttpResponse> taken(HttpRequest request) {
        Decoding format = format(request);
        ByteBudget.Hold hold = inHand.begin(bodies.size(request)).orElseThrow(SampleEndpoint::overloaded);
        CompletionStage<byte[]> read = bodies.read(request, bytes -> {
            if (!hold.grow(bytes)) {
                throw overloaded();
            }
        });
        CompletionStage<HttpResponse> answer = read.thenApplyAsync(body -> decoded(format, body), decoding)
                .thenCompose(samples -> admitted(samples, hold));
        answer.whenComplete((_, _) -> hold.release()); // not earlier, even if nobody waits for it any more
        return read.thenCompose(_ -> deadline.await(answer)); // a slow body has a time of its own
    }

    private Decoding format(HttpRequest request) {
        MediaType type = request.entity().getContentType().mediaType();
        String name = type.mainType() + "/" + type.subType();
        QueryParameters parameters = QueryParameters.of(request);
        return switch (name) {
            case "application/x-npz" -> decoder::batch;
            case "application/x-ndjson" -> decoder::lines;
            case "image/png" -> picture(ImageFormat.PNG, parameters);
            case "image/jpeg" -> picture(ImageFormat.JPEG, parameters);
            default ->
                throw new ProblemException(
                        ProblemType.TYPE_UNSUPPORTED,
                        "samples come as application/x-npz, application/x-ndjson, image/png or image/jpeg: say which by"
                                + " Content-Type");
        };
    }

    private Decoding picture(ImageFormat format, QueryParameters parameters) {
        String label = parameters.required("label");
        return body -> decoder.picture(format, body, label, parameters.text("id"));
    }

    private List<Sample> decoded(Decoding format, byte[] body) {
        try (IngestListener.Work _ = listener.decoding(IngestSource.HTTP)) {
            return format.of(body);
        } catch (SampleRefusedException e) {
            throw ProblemException.of(Refusal.of(e));
        }
    }

    private CompletionStage<HttpResponse> admitted(List<Sample> samples, ByteBudget.Hold hold) {
        long bytes = samples.stream()
                .mapToLong(sample -> sample.image().shape().size())
                .sum();
        if (!hold.resize(bytes)) {
            throw overloaded();
        }
        return service.admit(new Delivery(IngestSource.HTTP, samples))
                .thenApply(admission -> answer(admission, samples.size()));
    }

    private static HttpResponse answer(DeliveryOutcome admission, int samples) {
        return switch (admission) {
            case DeliveryOutcome.Accepted accepted ->
                Responses.json(accepted);
            case DeliveryOutcome.Refused refused -> throw ProblemException.of(Refusal.of(refused, samples));
            case DeliveryOutcome.Deferred deferred ->
                throw ProblemException.passing(
                        ProblemType.of(Refusal.reasonOf(deferred)).orElseThrow(),
                        deferred.detail(),
                        deferred.retryAfter());
        };
    }

    private static ProblemException overloaded() {
        return ProblemException.passing(
                ProblemType.OVERLOADED,
                "as many bytes are in hand as may be: send the same again a little later",
                SOON);
    }
}
