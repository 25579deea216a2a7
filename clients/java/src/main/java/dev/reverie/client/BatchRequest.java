package dev.reverie.client;

import java.util.List;
import java.util.OptionalLong;

/**
 * What to draw from a memory. The numbers of images of the classes differ by at most one.
 *
 * @param images number of images, at least 1
 * @param classes labels of the classes to draw from; empty, as in a request of {@link #of}, for all classes
 * @param seed equal seeds give equal batches as long as the memory does not change; empty for a random batch
 */
public record BatchRequest(int images, List<String> classes, OptionalLong seed) {

    public BatchRequest {
        classes = classes.stream().distinct().toList();
        if (images < 1) {
            throw new IllegalArgumentException("a batch of " + images + " images is empty: ask for at least one");
        }
    }

    /** A random batch of all classes. */
    public static BatchRequest of(int images) {
        return new BatchRequest(images, List.of(), OptionalLong.empty());
    }

    /**
     * Returns the same request for some classes only.
     *
     * @throws IllegalArgumentException if no class is named
     */
    public BatchRequest from(String... labels) {
        if (labels.length == 0) {
            throw new IllegalArgumentException("a batch of no class is empty: name at least one class");
        }
        return new BatchRequest(images, List.of(labels), seed);
    }

    /** Returns the same request with a seed. */
    public BatchRequest withSeed(long number) {
        return new BatchRequest(images, classes, OptionalLong.of(number));
    }
}
