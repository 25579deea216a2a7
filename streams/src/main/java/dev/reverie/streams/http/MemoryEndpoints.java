package dev.reverie.streams.http;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageGrid;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.decode.NameRules;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryView;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.ETag;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Hands out the memory: whole, as a picture, or in batches drawn from it. */
final class MemoryEndpoints {

    static final List<String> WHOLE_PARAMETERS = List.of("format");
    static final List<String> SAMPLE_PARAMETERS = List.of("n", "seed", "classes");

    private static final int BATCH = 64;
    private static final int MAX_BATCH_BYTES = 16 << 20;

    /** A batch has its images twice, to train on and as what is stored. */
    private static final int COPIES = 2;

    private static final Duration SOON = Duration.ofSeconds(1);

    private final MemoryService service;
    private final MemoryEncoder encoding;
    private final ResponseDeadline deadline;
    private final int maxBatch;
    private final ByteBudget answers;
    private final LatestCache<byte[]> files = new LatestCache<>();
    private final LatestCache<byte[]> walls = new LatestCache<>();

    MemoryEndpoints(MemoryService service, MemoryEncoder encoding, ResponseDeadline deadline, HttpSettings settings) {
        this.service = service;
        this.encoding = encoding;
        this.deadline = deadline;
        this.maxBatch = settings.batchImages();
        this.answers = new ByteBudget(settings.bytesInHand());
    }

    CompletionStage<HttpResponse> whole(HttpRequest request) {
        String format = QueryParameters.of(request).oneOf("format", List.of("npz", "png"), "npz");
        return view().thenCompose(view -> {
            EntityTag tag = EntityTag.create(view.version() + "." + format, false);
            if (isKnown(tag, request)) {
                return CompletableFuture.completedStage(
                        revalidated(tag, HttpResponse.create().withStatus(StatusCodes.NOT_MODIFIED)));
            }
            return format.equals("png")
                    ? tagged(tag, Responses.PNG, walls.of(view.version(), () -> wall(view.set())))
                    : tagged(tag, Responses.NPZ, files.of(view.version(), () -> encoding.memory(view.set())));
        });
    }

    /** Whether the client has it already: an entity tag has no quotes in it, so it can be looked for as text. */
    private static boolean isKnown(EntityTag tag, HttpRequest request) {
        return request.getHeader("If-None-Match")
                .map(HttpHeader::value)
                .filter(known -> known.equals("*") || known.contains("\"" + tag.tag() + "\""))
                .isPresent();
    }

    private CompletionStage<byte[]> wall(DistilledSet set) {
        return encoding.picture(ImageGrid.ofStored(set));
    }

    private static CompletionStage<HttpResponse> tagged(
            EntityTag tag, ContentType type, CompletionStage<byte[]> content) {
        return content.thenApply(bytes -> revalidated(tag, Responses.bytes(type, bytes)));
    }

    /** May be kept, but whoever does so asks each time whether it still holds. */
    private static HttpResponse revalidated(EntityTag tag, HttpResponse answer) {
        return answer.addHeader(ETag.create(tag)).addHeader(RawHeader.create("Cache-Control", "no-cache"));
    }

    /** A random batch, equally many images of each class. */
    CompletionStage<HttpResponse> sample(HttpRequest request) {
        QueryParameters parameters = QueryParameters.of(request);
        int count = parameters.number("n", 1, maxBatch, BATCH);
        long seed = parameters.seed("seed").orElseGet(ThreadLocalRandom.current()::nextLong);
        List<String> wanted = parameters
                .text("classes")
                .map(names -> Stream.of(names.split(",", -1))
                        .map(NameRules::normal)
                        .distinct()
                        .toList())
                .orElse(List.of());
        return view().thenCompose(view -> {
                    DistilledSet set = view.set();
                    int most = mostAtOnce(set.images().shape());
                    if (count > most) {
                        throw new ProblemException(
                                ProblemType.PARAMETER_INVALID,
                                "of " + set.images().shape() + " images there are at most " + most
                                        + " in a batch: ask for fewer at once");
                    }
                    List<Integer> batch = new ReplayBatch(set.labels(), seed).draw(count, classes(set, wanted));
                    return handedOut(set, batch);
                })
                .thenApply(answer -> answer.addHeader(RawHeader.create("Cache-Control", "no-store")));
    }

    /** As many as there are by default can always be had. */
    private static int mostAtOnce(ImageShape shape) {
        return Math.max(BATCH, MAX_BATCH_BYTES / (shape.size() * Float.BYTES));
    }

    private CompletionStage<HttpResponse> handedOut(DistilledSet set, List<Integer> batch) {
        long bytes = (long) COPIES * batch.size() * set.images().shape().size() * Float.BYTES;
        ByteBudget.Hold hold = answers.begin(bytes)
                .filter(begun -> begun.grow(bytes))
                .orElseThrow(() -> ProblemException.passing(
                        ProblemType.OVERLOADED,
                        "as many bytes are on their way out as may be: ask again a little later",
                        SOON));
        return encoding.batch(set, batch)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        hold.release();
                    }
                })
                .thenApply(content -> Responses.bytes(Responses.NPZ, content, hold::release));
    }

    /** Indices of the wanted classes, in ascending order; of all with images if none is wanted in particular. */
    private static List<Integer> classes(DistilledSet set, List<String> wanted) {
        Set<Integer> present = new HashSet<>(set.labels());
        if (wanted.isEmpty()) {
            return present.stream().sorted().toList();
        }
        List<Integer> indices =
                wanted.stream().map(set.classNames()::indexOf).sorted().toList();
        if (!present.containsAll(indices)) {
            throw new ProblemException(
                    ProblemType.UNKNOWN_CLASS,
                    "the memory has no images of one of the classes asked for: see /v1/classes");
        }
        return indices;
    }

    private CompletionStage<MemoryView> view() {
        return deadline.await(service.memory())
                .thenApply(view -> view.filter(memory -> memory.set().images().count() > 0)
                        .orElseThrow(() -> new ProblemException(
                                ProblemType.MEMORY_EMPTY,
                                "no class has images to hand out yet: send some to /v1/samples first")));
    }
}
