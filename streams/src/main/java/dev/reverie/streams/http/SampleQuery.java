package dev.reverie.streams.http;

import dev.reverie.actors.registry.Labels;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.AcceptEncoding;
import org.apache.pekko.http.javadsl.model.headers.HttpEncoding;
import org.apache.pekko.http.javadsl.model.headers.HttpEncodingRange;
import org.apache.pekko.http.javadsl.model.headers.HttpEncodings;
import org.apache.pekko.http.scaladsl.model.IllegalHeaderException;

/**
 * A request for a random batch of the memory.
 *
 * @param wanted number of images, at least 1; if empty, as many as usual
 * @param usual default number of images
 * @param seed seed of the batch; random if the request has none
 * @param classes normalised names of the classes to draw from, without duplicates; if empty, all classes
 * @param compressed whether the entries of the archive are compressed
 */
record SampleQuery(
        OptionalInt wanted,
        int usual,
        long seed,
        List<String> classes,
        Dtype dtype,
        NpzFile.Numbering numbering,
        boolean compressed) {

    private static final int DEFAULT_BATCH = 64;
    private static final int MAX_BATCH_BYTES = 16 << 20;
    private static final int MAX_DEFAULT_BATCH_BYTES = 64 << 20;

    SampleQuery {
        classes = List.copyOf(classes);
    }

    static SampleQuery of(HttpRequest request, int maxBatch) {
        QueryParameters parameters = QueryParameters.of(request);
        int usual = Math.min(DEFAULT_BATCH, maxBatch);
        int count = parameters.number("n", 1, maxBatch, usual);
        return new SampleQuery(
                parameters.text("n").isPresent() ? OptionalInt.of(count) : OptionalInt.empty(),
                usual,
                parameters.seed("seed").orElseGet(ThreadLocalRandom.current()::nextLong),
                parameters.text("classes").map(Labels::list).orElse(List.of()).stream()
                        .distinct()
                        .toList(),
                parameters.dtype(),
                parameters.numbering(),
                acceptsGzip(request));
    }

    /**
     * Returns whether the client accepts compressed content, and prefers no other. The entries of the archive are
     * compressed then, not the response, because every reader of NPZ understands such an archive without a header.
     */
    private static boolean acceptsGzip(HttpRequest request) {
        List<HttpEncodingRange> accepted = AccessControl.headers(request, "Accept-Encoding").stream()
                .flatMap(SampleQuery::encodings)
                .toList();
        float gzip = quality(accepted, HttpEncodings.GZIP, HttpEncodings.IDENTITY);
        return gzip > 0 && gzip >= quality(accepted, HttpEncodings.IDENTITY, HttpEncodings.GZIP);
    }

    /** Parses the text of a header {@code Accept-Encoding}; a malformed one accepts no encoding. */
    private static Stream<HttpEncodingRange> encodings(String header) {
        try {
            return HttpHeader.parse("Accept-Encoding", header) instanceof AcceptEncoding parsed
                    ? StreamSupport.stream(parsed.getEncodings().spliterator(), false)
                    : Stream.empty();
        } catch (IllegalHeaderException _) { // for a character that no header may contain
            return Stream.empty();
        }
    }

    /** Returns the quality of an encoding: that of its name or else of {@code *}, which matches the other one, too. */
    private static float quality(List<HttpEncodingRange> accepted, HttpEncoding encoding, HttpEncoding other) {
        return accepted.stream()
                .filter(range -> range.matches(encoding))
                .min(Comparator.comparing(range -> range.matches(other)))
                .map(HttpEncodingRange::qValue)
                .orElse(0f);
    }

    /**
     * Returns the number of images to draw from a memory.
     *
     * @throws ProblemException if the memory has images so large that the batch would exceed the limits
     */
    int count(DistilledSet set) {
        int most = maxBatch(set.images().shape());
        if (wanted.isPresent() && wanted.getAsInt() > most) {
            throw new ProblemException(
                    ProblemType.PARAMETER_INVALID,
                    "the query parameter 'n' must be at most " + most + " for this memory, whose images have "
                            + set.images().shape() + " pixels: request fewer images");
        }
        return wanted.orElse(Math.min(usual, most));
    }

    /**
     * Returns the maximum number of images in a batch: at least one, even if it exceeds the limits in bytes. That for
     * the default number of images is higher, so that photos are served in batches of the usual size.
     */
    private int maxBatch(ImageShape shape) {
        int image = shape.size() * dtype.bytes();
        int photos = Math.min(DEFAULT_BATCH, MAX_DEFAULT_BATCH_BYTES / image);
        return Math.max(1, Math.max(photos, MAX_BATCH_BYTES / image));
    }

    /** Returns the first class to draw from that has no images in a memory with images of these classes. */
    Optional<String> missing(Set<String> present) {
        return classes.stream().filter(name -> !present.contains(name)).findFirst();
    }

    /**
     * Draws images of a memory that has images of all wanted classes, with the same number of images of each class, or
     * one more if the number cannot be divided evenly. Draws the images of a class uniformly, and repeats none before
     * all of them have been drawn. Equal seeds draw equal images of the same memory.
     *
     * @param images the indices of the images of each class
     * @return the indices of the drawn images
     */
    List<Integer> draw(Map<String, List<Integer>> images, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Iterator<Integer>> remaining = new HashMap<>();
        List<String> order = new ArrayList<>(images.keySet());
        if (!classes.isEmpty()) {
            order.retainAll(Set.copyOf(classes));
        }
        Collections.shuffle(order, random);
        List<Integer> batch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = order.get(i % order.size());
            Iterator<Integer> next = remaining.getOrDefault(name, Collections.emptyIterator());
            if (!next.hasNext()) {
                List<Integer> shuffled = new ArrayList<>(images.getOrDefault(name, List.of()));
                Collections.shuffle(shuffled, random);
                next = shuffled.iterator();
                remaining.put(name, next);
            }
            batch.add(next.next());
        }
        Collections.shuffle(batch, random);
        return batch;
    }
}
