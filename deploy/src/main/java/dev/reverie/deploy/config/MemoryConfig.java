package dev.reverie.deploy.config;

import dev.reverie.actors.service.MemoryBudget;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The size of the memory.
 *
 * @param imagesPerClass number of stored images per class; the maximum per class if a total is set
 * @param totalImages total number of stored images of all classes; empty if this total is not set
 * @param totalBytes total size of the stored images of all classes, at one byte per pixel and channel; empty if this
 *     total is not set or if {@code totalImages} is set
 */
public record MemoryConfig(int imagesPerClass, OptionalInt totalImages, OptionalLong totalBytes) {

    private static final int MAX_IMAGES_PER_CLASS = 10_000;
    private static final int MAX_IMAGES = 100_000_000;

    static MemoryConfig read(ConfigSection memory) {
        int perClass = memory.integer("images-per-class", 1, MAX_IMAGES_PER_CLASS);
        int images = memory.integer("total-images", 0, MAX_IMAGES);
        long bytes = memory.bytes("total-bytes", 0, AllowedRange.TEBIBYTE);
        memory.require(images == 0 || bytes == 0, "total-bytes", "set only one of total-images and total-bytes");
        return new MemoryConfig(
                perClass,
                images == 0 ? OptionalInt.empty() : OptionalInt.of(images),
                bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes));
    }

    /** Returns the budget that the service divides among the classes. */
    public MemoryBudget budget() {
        return new MemoryBudget(imagesPerClass, totalImages, totalBytes);
    }
}
