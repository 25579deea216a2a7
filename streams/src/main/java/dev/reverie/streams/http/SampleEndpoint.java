package dev.reverie.streams.http;

import dev.reverie.actors.intake.Admission;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.Door;
import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.PictureFormat;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.RefusedException;
import dev.reverie.streams.decode.SampleDecoder;
import dev.reverie.streams.service.DoorListener;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.ingest.Refusal;
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

    private static final Duration SOON = Duration.ofSeconds(1);

    private final MemoryService service;
    private final DoorListener listener;
    private final SampleDecoder decoder;
    private final Bodies bodies;
    private final InHand inHand;
    private final Executor decoding;
    private final Deadline deadline;

    SampleEndpoint(
            HttpApi.Offer offer,
            IngestLimits limits,
            Bodies bodies,
            InHand inHand,
            Executor decoding,
            Deadline deadline) {
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
        List<Sample> of(byte[] body) throws RefusedException;
    }

    CompletionStage<HttpResponse> take(HttpRequest request) {
        return CompletableFuture.completedStage(request).thenCompose(this::taken);
    }

    private CompletionStage<HttpResponse> taken(HttpRequest request) {
        Decoding format = format(request);
        InHand.Hold hold = inHand.begin(bodies.size(request)).orElseThrow(SampleEndpoint::overloaded);
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
        Parameters parameters = Parameters.of(request);
        return switch (name) {
            case "application/x-npz" -> decoder::batch;
            case "application/x-ndjson" -> decoder::lines;
            case "image/png" -> picture(PictureFormat.PNG, parameters);
            case "image/jpeg" -> picture(PictureFormat.JPEG, parameters);
            default ->
                throw new ProblemException(
                        Problem.TYPE_UNSUPPORTED,
                        "samples come as application/x-npz, application/x-ndjson, image/png or image/jpeg: say which by"
                                + " Content-Type");
        };
    }

    private Decoding picture(PictureFormat format, Parameters parameters) {
        String label = parameters.required("label");
        return body -> decoder.picture(format, body, label, parameters.text("id"));
    }

    private List<Sample> decoded(Decoding format, byte[] body) {
        try (DoorListener.Work _ = listener.decoding(Door.HTTP)) {
            return format.of(body);
        } catch (RefusedException e) {
            throw ProblemException.of(Refusal.of(e));
        }
    }

    private CompletionStage<HttpResponse> admitted(List<Sample> samples, InHand.Hold hold) {
        long bytes = samples.stream()
                .mapToLong(sample -> sample.image().shape().size())
                .sum();
        if (!hold.resize(bytes)) {
            throw overloaded();
        }
        return service.admit(new Delivery(Door.HTTP, samples))
                .thenApply(admission -> answer(admission, samples.size()));
    }

    private static HttpResponse answer(Admission admission, int samples) {
        return switch (admission) {
            case Admission.Accepted accepted ->
                Answers.json(
                        Json.object().put("accepted", accepted.accepted()).put("duplicates", accepted.duplicates()));
            case Admission.Refused refused -> throw ProblemException.of(Refusal.of(refused, samples));
            case Admission.Deferred deferred ->
                throw ProblemException.passing(
                        Problem.of(Refusal.reasonOf(deferred)).orElseThrow(), deferred.detail(), deferred.retryAfter());
        };
    }

    private static ProblemException overloaded() {
        return ProblemException.passing(
                Problem.OVERLOADED, "as many bytes are in hand as may be: send the same again a little later", SOON);
    }
}
