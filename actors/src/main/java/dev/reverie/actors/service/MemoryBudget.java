package dev.reverie.actors.service;

import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassCommand.ChangeQuota;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Limits what the classes of a service store. Each class finds out by itself how many images fit into the bytes that it
 * has. If the budget sets a total, the total is divided equally among the classes whenever a class is added or
 * forgotten. Every class gets at least one image, even if that exceeds the total.
 *
 * @param imagesPerClass maximum number of images per class
 * @param coding how the images of a class are coded, and the maximum size of their picture
 * @param totalImages maximum total number of images of all classes
 * @param totalBytes maximum total size of the pictures of all classes, in bytes
 */
public record MemoryBudget(int imagesPerClass, Coding coding, OptionalInt totalImages, OptionalLong totalBytes) {

    private static final int PIXELS_PER_BYTE = 12;

    public MemoryBudget {
        if (imagesPerClass < 1 || totalImages.orElse(1) < 1 || totalBytes.orElse(1) < 1) {
            throw new IllegalArgumentException("every limit of a memory budget must be at least 1");
        }
    }

    /** Creates a budget without a total, for pictures of any size that lose nothing. */
    public static MemoryBudget perClass(int images) {
        return new MemoryBudget(images, Coding.LOSSLESS, OptionalInt.empty(), OptionalLong.empty());
    }

    /**
     * The most images of a shape that a class can store: if bytes limit its picture, no more than fit even if they are
     * easy to code, but at least ten. Photographs at quality 30 take two to three times as many bytes.
     */
    public int imagesPerClass(ImageShape shape) {
        return Math.toIntExact(coding.maxBytes().stream()
                .map(bytes -> Math.max(ClassCommand.FEW_IMAGES, bytes * PIXELS_PER_BYTE / shape.planeSize()))
                .map(fitting -> Math.min(fitting, imagesPerClass))
                .findFirst()
                .orElse(imagesPerClass));
    }

    /** The number of images that each of the classes may store. */
    public int images(int classes) {
        return Math.clamp(totalImages.orElse(Integer.MAX_VALUE) / Math.max(1, classes), 1, imagesPerClass);
    }

    /** What each of the classes may store, if there is room for {@code most} images of it. */
    public ChangeQuota share(int classes, int most) {
        return new ChangeQuota(
                Math.min(images(classes), most), coding(classes).maxBytes().orElse(Long.MAX_VALUE));
    }

    /** How the images of each of the classes are coded. */
    public Coding coding(int classes) {
        if (totalBytes.isEmpty()) {
            return coding;
        }
        long share = Math.max(1, totalBytes.getAsLong() / Math.max(1, classes));
        return coding.within(Math.min(share, coding.maxBytes().orElse(share)));
    }
}
