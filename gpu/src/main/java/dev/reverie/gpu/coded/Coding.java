package dev.reverie.gpu.coded;

import dev.reverie.gpu.dataset.ImageBatch;
import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How the stored images of a class are coded as one picture.
 *
 * @param format format of the picture; JPEG takes the place of WebP on a machine without its native library
 * @param quality quality of the picture, 1 to 100, unless it takes too many bytes; without meaning for PNG
 * @param maxBytes maximum size of the picture, which one of the lowest quality may exceed
 */
public record Coding(PictureFormat format, int quality, OptionalLong maxBytes) {

    /** Loses nothing. */
    public static final Coding LOSSLESS = new Coding(PictureFormat.PNG, 100, OptionalLong.empty());

    public Coding {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("the quality of a picture must be from 1 to 100, got " + quality);
        }
        if (maxBytes.orElse(1) < 1) {
            throw new IllegalArgumentException("a picture must have at least 1 byte, got " + maxBytes.getAsLong());
        }
    }

    /** Returns the same coding with another maximum size. */
    public Coding within(long bytes) {
        return new Coding(format, quality, OptionalLong.of(bytes));
    }

    /**
     * Codes images at the given quality or, if their picture is too large, at the highest lower one that fits.
     *
     * @throws IllegalArgumentException if the images have neither 1 nor 3 channels, or are too many for one picture
     */
    public CodedImages encode(ImageBatch stored) {
        return encode(stored, quality);
    }

    /**
     * Codes images as {@link #encode(ImageBatch)} does, with fewer attempts if the quality is near an expected one.
     *
     * @param expected the quality that was used for similar images
     */
    public CodedImages encode(ImageBatch stored, int expected) {
        PictureFormat available = format.orAvailable();
        PictureLayout layout = PictureLayout.of(stored.shape(), available.block());
        if (stored.count() > layout.maxImages()) {
            throw new IllegalArgumentException("a picture can have at most " + layout.maxImages() + " images of "
                    + stored.shape() + " pixels, got " + stored.count());
        }
        BufferedImage picture = layout.draw(stored, available.hasGrey());
        Map<Integer, byte[]> tried = new HashMap<>();
        IntFunction<byte[]> coded = at -> tried.computeIfAbsent(at, _ -> available.encode(picture, at));
        int used = available.isLossy() ? greatest(quality, expected, at -> fits(coded.apply(at))) : quality;
        return new CodedImages(coded.apply(used), available, used, layout, stored.count());
    }

    /** Returns the largest number of leading images whose picture fits at the given quality, at least 1. */
    public int fitting(ImageBatch candidates) {
        PictureFormat available = format.orAvailable();
        PictureLayout layout = PictureLayout.of(candidates.shape(), available.block());
        int most = Math.min(candidates.count(), layout.maxImages());
        return greatest(most, most, count -> {
            ImageBatch first = candidates.pick(IntStream.range(0, count).boxed().toList());
            return fits(available.encode(layout.draw(first, available.hasGrey()), quality));
        });
    }

    /** Estimates how many images fit at the given quality, if all take as many bytes as these do on average. */
    public int room(ImageBatch images) {
        PictureFormat available = format.orAvailable();
        PictureLayout layout = PictureLayout.of(images.shape(), available.block());
        int size = available.encode(layout.draw(images, available.hasGrey()), quality).length;
        double fitting = (double) maxBytes.orElse(Long.MAX_VALUE) / size * images.count();
        return (int) Math.min(fitting, layout.maxImages());
    }

    private boolean fits(byte[] picture) {
        return maxBytes.isEmpty() || picture.length <= maxBytes.getAsLong();
    }

    /**
     * Returns the greatest number from 1 to {@code most} that fits, if smaller ones fit, too; 1 if none does. Looks
     * farther and farther from an expected number until the greatest one lies between two that were tried.
     */
    private static int greatest(int most, int expected, IntPredicate fits) {
        int fitting = 1;
        int tooLarge = most + 1;
        int tried = Math.clamp(expected, 1, most);
        int step = 1;
        while (tooLarge - fitting > 1) {
            if (fits.test(tried)) {
                fitting = tried;
                tried = fitting + step;
            } else {
                tooLarge = tried;
                tried = tooLarge - step;
            }
            step *= 2;
            if (tried <= fitting || tried >= tooLarge) {
                tried = (fitting + tooLarge) / 2;
            }
        }
        return fitting;
    }
}
