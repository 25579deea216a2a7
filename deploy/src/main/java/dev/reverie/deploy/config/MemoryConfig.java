package dev.reverie.deploy.config;

import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.synthetic.DeadZone;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The size of the memory, and what it stores of an image.
 *
 * @param budget limits of the stored images, which the service divides among the classes
 * @param deadZone applied to the images that the service hands out and evaluates
 */
public record MemoryConfig(MemoryBudget budget, DeadZone deadZone) {

    private static final int MAX_IMAGES_PER_CLASS = 10_000;
    private static final int MAX_IMAGES = 100_000_000;

    static MemoryConfig read(ConfigSection memory) {
        int perClass = memory.integer("images-per-class", 1, MAX_IMAGES_PER_CLASS);
        long bytesPerClass = memory.bytes("bytes-per-class", 0, AllowedRange.GIBIBYTE);
        int images = memory.integer("total-images", 0, MAX_IMAGES);
        long bytes = memory.bytes("total-bytes", 0, AllowedRange.TEBIBYTE);
        Bits bits = memory.oneOf("bits", List.of(Bits.values()), Bits::toString);
        memory.require(
                bytesPerClass == 0 || !memory.isSet("images-per-class"),
                "bytes-per-class",
                "set only one of images-per-class and bytes-per-class");
        memory.require(images == 0 || bytes == 0, "total-bytes", "set only one of total-images and total-bytes");
        MemoryBudget budget = new MemoryBudget(
                perClass,
                ifSet(bytesPerClass),
                images == 0 ? OptionalInt.empty() : OptionalInt.of(images),
                ifSet(bytes),
                bits);
        return new MemoryConfig(
                budget, new DeadZone(memory.decimal("dead-zone", AllowedRange.decimals(0, 1, "0 to 1"))));
    }

    private static OptionalLong ifSet(long bytes) {
        return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }
}
