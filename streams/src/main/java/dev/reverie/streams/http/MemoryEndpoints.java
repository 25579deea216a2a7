package dev.reverie.streams.http;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageGrid;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import dev.reverie.streams.decode.NameRules;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryView;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.AcceptEncoding;
import org.apache.pekko.http.javadsl.model.headers.ETag;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.HttpEncodings;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Serves the memory as arrays, as a picture, or in random batches. */
final class MemoryEndpoints {

    static final List<String> GET_PARAMETERS = List.of("format", "dtype");
    static final List<String> SAMPLE_PARAMETERS = List.of("n", "seed", "classes", "dtype");

    private static final int DEFAULT_BATCH = 64;
    private static final int MAX_BATCH_BYTES = 16 << 20;
    private static final int MAX_DEFAULT_BATCH_BYTES = 64 << 20;

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
        Dtype dtype = dtype(parameters);
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
            DistilledSet set = view.as(dtype);
            CompletionStage<HttpResponse> answer =
                    switch (format) {
                        case "png" ->
                            answers.get(
                                    tag.tag(),
                                    Responses.PNG,
                                    gridBytes(set),
                                    () -> grids.get(content, () -> grid(set)));
                        case "packed" ->
                            answers.get(
                                    tag.tag(),
                                    Responses.NPZ,
                                    NpzFile.maxBytes(set),
                                    () -> packedFiles.get(content, () -> encoder.packed(set)));
                        default ->
                            answers.get(
                                    tag.tag(),
                                    Responses.NPZ,
                                    NpzFile.maxBytes(set),
                                    () -> npzFiles.get(content, () -> encoder.npz(set)));
                    };
            return answer.thenApply(response -> revalidated(view, tag, response));
        });
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
        return encoder.png(ImageGrid.ofStored(set));
    }

    /** Size of the uncompressed picture, in bytes. */
    private static long gridBytes(DistilledSet set) {
        return ImageGrid.ofStored(set).bytes();
    }

    /** Clients may cache the response, but must revalidate it each time. */
    private static HttpResponse revalidated(MemoryView view, EntityTag tag, HttpResponse answer) {
        return answer.addHeader(ETag.create(tag))
                .addHeader(RawHeader.create("Cache-Control", "no-cache"))
                .addAttribute(MeasuredReads.CHANGED, view.changed());
    }

    private static Dtype dtype(QueryParameters parameters) {
        return parameters.oneOf("dtype", List.of(Dtype.values()), Dtype.UINT8);
    }

    /** Serves a random batch with about the same number of images of each class. */
    CompletionStage<HttpResponse> sample(HttpRequest request) {
        QueryParameters parameters = QueryParameters.of(request);
        int wanted = parameters.number("n", 1, maxBatch, Math.min(DEFAULT_BATCH, maxBatch));
        Dtype dtype = dtype(parameters);
        boolean compressed = acceptsGzip(request);
        long seed = parameters.seed("seed").orElseGet(ThreadLocalRandom.current()::nextLong);
        List<String> requested = parameters
                .text("classes")
                .map(names -> Stream.of(names.split(",", -1))
                        .map(NameRules::normal)
                        .distinct()
                        .toList())
                .orElse(List.of());
        return view().thenCompose(view -> {
                    DistilledSet set = view.as(dtype);
                    int most = maxBatch(set.images().shape(), dtype);
                    int count = parameters.has("n") ? wanted : Math.min(wanted, most);
                    if (count > most) {
                        throw new ProblemException(
                                ProblemType.PARAMETER_INVALID,
                                "the query parameter 'n' must be at most " + most
                                        + " for this memory, whose images have "
                                        + set.images().shape()
                                        + " pixels: request fewer images");
                    }
                    Set<Integer> present = new HashSet<>(set.labels());
                    Optional<String> missing = requested.stream()
                            .filter(name -> set.classes().indexOf(name).stream().noneMatch(present::contains))
                            .findFirst();
                    if (missing.isPresent()) {
                        return MissingImages.<HttpResponse>problem(service, deadline, missing.get());
                    }
                    List<Integer> drawn =
                            requested.isEmpty() ? present.stream().sorted().toList() : indices(set, requested);
                    return answers.get(
                                    String.join(
                                            ".",
                                            view.version(),
                                            dtype + (compressed ? ".deflated" : ".stored"),
                                            count + "." + seed + "." + drawn),
                                    Responses.NPZ,
                                    NpzFile.maxBytes(set, count),
                                    () -> encoder.batch(
                                            set, new ReplayBatch(set.labels(), seed).draw(count, drawn), compressed))
                            .thenApply(answer -> answer.addAttribute(MeasuredReads.CHANGED, view.changed()));
                })
                .thenApply(answer -> answer.addHeader(RawHeader.create("Cache-Control", "no-store")));
    }

    /**
     * Returns the maximum number of images in a batch: at least one, even if it exceeds the limits in bytes. That for
     * the default number of images is higher, so that photos are served in batches of the usual size.
     */
    private static int maxBatch(ImageShape shape, Dtype dtype) {
        int image = shape.size() * dtype.bytes();
        int usual = Math.min(DEFAULT_BATCH, MAX_DEFAULT_BATCH_BYTES / image);
        return Math.max(1, Math.max(usual, MAX_BATCH_BYTES / image));
    }

    /**
     * Returns whether the client accepts compressed content. The entries of the archive are compressed then, not the
     * response, because every reader of NPZ understands such an archive without a header.
     */
    private static boolean acceptsGzip(HttpRequest request) {
        return request.getHeader(AcceptEncoding.class).stream()
                .flatMap(header -> StreamSupport.stream(header.getEncodings().spliterator(), false))
                .anyMatch(range -> range.qValue() > 0 && range.matches(HttpEncodings.GZIP));
    }

    /** Returns the indices of these classes in ascending order. */
    private static List<Integer> indices(DistilledSet set, List<String> names) {
        return names.stream()
                .map(name -> set.classes().indexOf(name).orElseThrow())
                .sorted()
                .toList();
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
