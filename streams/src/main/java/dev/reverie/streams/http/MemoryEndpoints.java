package dev.reverie.streams.http;

import dev.reverie.actors.registry.Labels;
import dev.reverie.gpu.coded.MemoryZip;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageGrid;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryService.MemoryView;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;

/**
 * Serves the memory as arrays, as pictures, or in random batches.
 *
 * @param encoders decodes and encodes images, so that this does not block connections
 */
record MemoryEndpoints(
        MemoryService service, ResponseDeadline deadline, Answers answers, Executor encoders, int maxBatch) {

    static final List<String> GET_PARAMETERS = List.of("format", "dtype", "labels");
    static final List<String> SAMPLE_PARAMETERS = List.of("n", "seed", "classes", "dtype", "labels");

    /** Maximum number of pixels of a picture. The service draws in memory, possibly for several clients at once. */
    private static final long MAX_PIXELS = 32L << 20;

    @FunctionalInterface
    private interface Encoding {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Serves the whole memory. */
    CompletionStage<HttpResponse> get(HttpRequest request) {
        QueryParameters parameters = QueryParameters.of(request);
        String format = parameters.oneOf("format", List.of("npz", "png", "zip"), "npz");
        Dtype dtype = parameters.dtype();
        NpzFile.Numbering numbering = parameters.numbering();
        return view().thenCompose(view -> {
            if (format.equals("zip") && dtype != Dtype.UINT8) {
                throw new ProblemException(
                        ProblemType.PARAMETER_INVALID,
                        "the pictures of 'format=zip' have bytes: omit 'dtype=float32', or request npz");
            }
            String key = view.version() + (format.equals("npz") ? "." + dtype + "." + numbering : "") + "." + format;
            return Responses.revalidated(
                            request, EntityTag.create(key, false), () -> whole(view, format, dtype, numbering, key))
                    .thenApply(answer -> answer.addAttribute(Responses.CHANGED, view.changed()));
        });
    }

    private CompletionStage<HttpResponse> whole(
            MemoryView view, String format, Dtype dtype, NpzFile.Numbering numbering, String key) {
        DistilledSet set = view.set();
        return switch (format) {
            case "png" -> {
                ImageGrid grid = ImageGrid.ofStored(set, MAX_PIXELS);
                yield answers.sharedFile(key, Responses.PNG, grid.bytes(), () -> encode(grid::writePng));
            }
            case "zip" ->
                answers.sharedFile(
                        key,
                        Responses.ZIP,
                        NpzFile.maxBytes(set),
                        () -> encode(out -> MemoryZip.write(set, view.coded(), out)));
            default ->
                answers.sharedFile(
                        key,
                        Responses.NPZ,
                        NpzFile.maxBytes(set) * dtype.bytes(),
                        () -> encode(out -> NpzFile.write(view.as(dtype), numbering, out)));
        };
    }

    /** Serves a random batch with about the same number of images of each class. */
    CompletionStage<HttpResponse> sample(HttpRequest request) {
        SampleQuery query = SampleQuery.of(request, maxBatch);
        return view().thenCompose(view -> {
            int count = query.count(view.set());
            Optional<String> missing = query.missing(view.imagesByClass().keySet());
            if (missing.isPresent()) {
                return withoutImages(missing.get());
            }
            long maxBytes = NpzFile.maxBytes(view.set(), count) * query.dtype().bytes();
            return answers.file(Responses.NPZ, maxBytes, () -> encode(out -> writeBatch(view, query, count, out)))
                    .thenApply(answer ->
                            answer.addHeader(Responses.NO_STORE).addAttribute(Responses.CHANGED, view.changed()));
        });
    }

    private static void writeBatch(MemoryView view, SampleQuery query, int count, OutputStream out) throws IOException {
        DistilledSet batch = view.as(query.dtype()).pick(query.draw(view.imagesByClass(), count));
        if (query.compressed()) {
            NpzFile.write(batch, query.numbering(), out);
        } else {
            NpzFile.writeStored(batch, query.numbering(), out);
        }
    }

    /** Serves the stored images of a class as a picture. */
    CompletionStage<HttpResponse> picture(String label) {
        String name = Labels.normal(label);
        return deadline.await(service.memory()).thenCompose(view -> {
            Optional<ImageGrid> grid = view.flatMap(memory -> grid(memory.set(), name));
            return grid.isEmpty()
                    ? withoutImages(label)
                    : answers.sharedFile(
                                    view.orElseThrow().version() + ".class." + name,
                                    Responses.PNG,
                                    grid.get().bytes(),
                                    () -> encode(grid.get()::writePng))
                            .thenApply(answer -> answer.addHeader(Responses.NO_STORE));
        });
    }

    private static Optional<ImageGrid> grid(DistilledSet set, String name) {
        int index = set.classes().indexOf(name).orElse(-1);
        List<Integer> stored = IntStream.range(0, set.parameters().count())
                .filter(i -> set.parameterLabels().get(i) == index)
                .boxed()
                .toList();
        return stored.isEmpty()
                ? Optional.empty()
                : Optional.of(ImageGrid.of(
                        set.parameters().pick(stored),
                        Collections.nCopies(stored.size(), index),
                        set.classes(),
                        MAX_PIXELS));
    }

    /**
     * Fails with the reason why the memory has no images of a class, since it also leaves out classes that do not
     * respond.
     */
    private <T> CompletionStage<T> withoutImages(String label) {
        return deadline.await(service.classNamed(Labels.normal(label))).thenApply(status -> {
            if (status.isEmpty()) {
                throw ProblemException.unknownClass(label);
            }
            if (status.get().damaged()) {
                throw StoreDamagedException.ofClass(status.get().label());
            }
            throw new UnavailableException("the images of the class " + SafeExcerpt.quoted(label)
                    + " cannot be read now: try again in a moment");
        });
    }

    private CompletionStage<MemoryView> view() {
        return deadline.await(service.memory())
                .thenApply(view -> view.filter(memory -> memory.set().images().count() > 0)
                        .orElseThrow(() -> new ProblemException(
                                ProblemType.MEMORY_EMPTY,
                                "no class has synthetic images yet: send samples to /v1/samples, or"
                                        + " wait until their classes are distilled")));
    }

    private CompletableFuture<byte[]> encode(Encoding encoding) {
        return CompletableFuture.supplyAsync(
                () -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    try {
                        encoding.writeTo(bytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return bytes.toByteArray();
                },
                encoders);
    }
}
