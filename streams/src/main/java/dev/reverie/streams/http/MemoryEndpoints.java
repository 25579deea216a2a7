package dev.reverie.streams.http;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageGrid;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.ETag;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Serves the memory as arrays, as a picture, or in random batches. */
final class MemoryEndpoints {

    static final List<String> GET_PARAMETERS = List.of("format", "dtype");
    static final List<String> SAMPLE_PARAMETERS = List.of("n", "seed", "classes", "dtype");

    private final MemoryService service;
    private final MemoryEncoder encoder;
    private final ResponseDeadline deadline;
    private final int maxBatch;
    private final SharedAnswers answers;
    private final LatestCache<byte[]> npzFiles = new LatestCache<>();
    private final LatestCache<byte[]> packedFiles = new LatestCache<>();
    private final LatestCache<byte[]> grids = new LatestCache<>();

    MemoryEndpoints(
            MemoryService service,
            MemoryEncoder encoder,
            ResponseDeadline deadline,
            SharedAnswers answers,
            HttpSettings settings) {
        this.service = service;
        this.encoder = encoder;
        this.deadline = deadline;
        this.maxBatch = settings.batchImages();
        this.answers = answers;
    }

    CompletionStage<HttpResponse> get(HttpRequest request) {
        QueryParameters parameters = QueryParameters.of(request);
        String format = parameters.oneOf("format", List.of("npz", "png", "packed"), "npz");
        Dtype dtype = parameters.dtype();
        return view().thenCompose(view -> {
            if (format.equals("packed")) {
                requirePacked(view, dtype);
            }
            String content = view.version() + (format.equals("npz") ? "." + dtype : "");
            EntityTag tag = EntityTag.create(content + "." + format, false);
            if (EntityTags.known(request, tag)) {
                return CompletableFuture.completedStage(
                        revalidated(view, tag, HttpResponse.create().withStatus(StatusCodes.NOT_MODIFIED)));
            }
            CompletionStage<HttpResponse> answer =
                    switch (format) {
                        case "png" -> picture(view.set(), tag, content);
                        case "packed" -> packed(view.set(), tag, content);
                        default -> npz(view, dtype, tag, content);
                    };
            return answer.thenApply(response -> revalidated(view, tag, response));
        });
    }

    private CompletionStage<HttpResponse> picture(DistilledSet set, EntityTag tag, String content) {
        return answers.get(tag.tag(), Responses.PNG, gridBytes(set), () -> grids.get(content, () -> grid(set)));
    }

    private CompletionStage<HttpResponse> packed(DistilledSet set, EntityTag tag, String content) {
        return answers.get(
                tag.tag(),
                Responses.NPZ,
                PackedNpzFile.maxBytes(set),
                () -> packedFiles.get(content, () -> encoder.packed(set)));
    }

    private CompletionStage<HttpResponse> npz(MemoryView view, Dtype dtype, EntityTag tag, String content) {
        return answers.get(
                tag.tag(),
                Responses.NPZ,
                NpzFile.maxBytes(view.set()) * dtype.bytes(),
                () -> npzFiles.get(content, () -> encoder.npz(() -> view.as(dtype))));
    }

    private static void requirePacked(MemoryView view, Dtype dtype) {
        if (!PackedNpzFile.canHold(view.set()) || dtype != Dtype.UINT8) {
            throw new ProblemException(
                    ProblemType.PARAMETER_INVALID,
                    "the query parameter 'format' can be packed only if the service stores 4 or 2 bits per value, and"
                            + " without 'dtype=float32': set reverie.memory.bits, or request npz");
        }
    }

    private CompletionStage<byte[]> grid(DistilledSet set) {
        return encoder.png(ImageGrid.ofStored(set, MemoryEncoder.MAX_PIXELS));
    }

    /** Size of the uncompressed picture, in bytes. */
    private static long gridBytes(DistilledSet set) {
        return ImageGrid.ofStored(set, MemoryEncoder.MAX_PIXELS).bytes();
    }

    /** Clients may cache the response, but must revalidate it each time. */
    private static HttpResponse revalidated(MemoryView view, EntityTag tag, HttpResponse answer) {
        return answer.addHeader(ETag.create(tag))
                .addHeader(RawHeader.create("Cache-Control", "no-cache"))
                .addAttribute(MeasuredReads.CHANGED, view.changed());
    }

    /** Serves a random batch with about the same number of images of each class. */
    CompletionStage<HttpResponse> sample(HttpRequest request) {
        SampleQuery query = SampleQuery.of(request, maxBatch);
        return view().thenCompose(view -> sample(query, view))
                .thenApply(answer -> answer.addHeader(RawHeader.create("Cache-Control", "no-store")));
    }

    private CompletionStage<HttpResponse> sample(SampleQuery query, MemoryView view) {
        DistilledSet set = view.set();
        int count = query.count(set);
        Optional<String> missing = query.missing(set);
        if (missing.isPresent()) {
            return MissingImages.problem(service, deadline, missing.get());
        }
        long maxBytes = NpzFile.maxBytes(set, count) * query.dtype().bytes();
        return answers.get(view.version() + "." + query.key(set), Responses.NPZ, maxBytes, () -> {
                    MemorySampler sampler = new MemorySampler(set.labels(), query.seed());
                    List<Integer> batch = sampler.draw(count, query.labels(set));
                    return encoder.batch(() -> view.as(query.dtype()), batch, query.compressed());
                })
                .thenApply(answer -> answer.addAttribute(MeasuredReads.CHANGED, view.changed()));
    }

    private CompletionStage<MemoryView> view() {
        return deadline.await(service.memory())
                .thenApply(view -> view.filter(memory -> memory.set().images().count() > 0)
                        .orElseThrow(() -> new ProblemException(
                                ProblemType.MEMORY_EMPTY,
                                "no class has synthetic images yet: send samples to /v1/samples, or"
                                        + " wait until their classes are distilled")));
    }
}
