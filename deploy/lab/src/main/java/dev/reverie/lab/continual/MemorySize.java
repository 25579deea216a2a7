package dev.reverie.lab.continual;

import dev.reverie.gpu.coded.Coding;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;

/**
 * The size of a memory, and how its images are coded.
 *
 * @param images most stored images per class; memories of real images store as many as fit if there are bytes to fill
 * @param totalImages number of stored images of all classes, which is divided equally among those that have arrived
 * @param coding how the images of a class are coded, and the most bytes that they take
 * @param qualities at which real images are coded, each for a memory of its own
 */
record MemorySize(int images, Optional<Integer> totalImages, Coding coding, List<Integer> qualities) {

    /** The size of a picture grows almost in proportion to its images, so few rounds are enough. */
    private static final int ROUNDS = 3;

    private static final int FIRST_GUESS = 10;

    MemorySize {
        qualities = List.copyOf(qualities);
    }

    MemorySize at(int quality) {
        return new MemorySize(images, totalImages, new Coding(coding.format(), quality, coding.maxBytes()), qualities);
    }

    /** Returns half of the size. */
    MemorySize half() {
        Coding half = coding.maxBytes().isPresent()
                ? coding.within(Math.max(1, coding.maxBytes().getAsLong() / 2))
                : coding;
        return new MemorySize(
                Math.ceilDiv(images, 2), totalImages.map(total -> Math.ceilDiv(total, 2)), half, qualities);
    }

    /** Returns the most images of each class when {@code classes} classes have arrived. */
    int share(int classes) {
        return totalImages.map(total -> Math.clamp(total / classes, 1, images)).orElse(images);
    }

    boolean isInBytes() {
        return coding.maxBytes().isPresent();
    }

    /**
     * Returns the number of images that fill the bytes of some classes, from 1 to {@code most}.
     *
     * @param codedBytes the coded size of a number of images of these classes
     */
    int filling(int classes, int most, IntToLongFunction codedBytes) {
        double bytes = (double) classes * coding.maxBytes().orElseThrow();
        int images = Math.min(FIRST_GUESS, most);
        for (int round = 0; round < ROUNDS; round++) {
            double each = (double) codedBytes.applyAsLong(images) / images;
            images = Math.clamp(Math.round(bytes / each), 1, most);
        }
        return images;
    }
}
