package dev.reverie.gpu.dataset;

import dev.reverie.gpu.dataset.ArrayHints.Layout;
import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpyPixels;
import dev.reverie.npz.NpzException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * One reading of a NumPy array as images: which of its dimensions are which. The shape [3, 32, 32], for example, is
 * that of three grey images and of one in colour.
 *
 * @param layout place of the channels; empty for grey images, for which it makes no difference
 */
record NpyImages(NpyArray array, int count, ImageShape shape, Optional<Layout> layout) {

    private static final int RANK = 4;

    /** The most channels that images have: red, green, blue and one more. */
    private static final int MAX_CHANNELS = 4;

    /**
     * Returns all readings of an array, whose items have not been read yet; the first is that of [n, C, H, W] or [n, H,
     * W], if it is among them. Images have one or three channels, unless there is no such reading.
     *
     * @throws NpzException if this is not an array of images, or is empty
     */
    static List<NpyImages> readings(NpyArray array) throws NpzException {
        List<Integer> sizes = array.shape();
        int rank = sizes.size();
        List<NpyImages> readings = new ArrayList<>();
        if (rank == RANK || rank == RANK - 1) {
            if (array.size() == 0) {
                throw new NpzException("has shape " + sizes + ", so it is empty: save at least one image");
            }
            if (rank == RANK - 1) {
                readings.add(new NpyImages(array, sizes.getFirst(), new ImageShape(1, sizes.get(1), sizes.get(2))));
            }
            int count = rank == RANK ? sizes.getFirst() : 1;
            List<Integer> one = sizes.subList(rank - (RANK - 1), rank);
            addColours(array, count, one, readings);
        }
        if (readings.isEmpty()) {
            throw new NpzException("has shape " + sizes + ": expected [images, channels, height, width] or, for grey"
                    + " images, [images, height, width]");
        }
        return readings.stream().distinct().toList();
    }

    /** Adds the readings in which one of the dimensions of an image is that of its channels. */
    private static void addColours(NpyArray array, int count, List<Integer> one, List<NpyImages> readings) {
        boolean isFirst = isGreyOrColour(one.getFirst());
        boolean isLast = isGreyOrColour(one.getLast());
        if (isFirst || (!isLast && readings.isEmpty() && one.getFirst() <= MAX_CHANNELS)) {
            ImageShape shape = new ImageShape(one.getFirst(), one.get(1), one.getLast());
            readings.add(new NpyImages(array, count, shape, Optional.of(Layout.CHANNELS_FIRST)));
        }
        if (isLast) {
            ImageShape shape = new ImageShape(one.getLast(), one.getFirst(), one.get(1));
            readings.add(new NpyImages(array, count, shape, Optional.of(Layout.CHANNELS_LAST)));
        }
    }

    private static boolean isGreyOrColour(int channels) {
        return channels == 1 || channels == 3;
    }

    private NpyImages(NpyArray array, int count, ImageShape shape) {
        this(array, count, shape, Optional.empty());
    }

    NpyImages {
        layout = layout.filter(_ -> shape.channels() > 1);
    }

    /** Returns the images: bytes, or floats if the array has floats. */
    ImageBatch batch() throws NpzException {
        NpyPixels pixels = new NpyPixels(array, shape.size());
        return array.type().isReal() ? floats(pixels) : bytes(pixels);
    }

    /** Reads floats in [0, 1], or any that seem to have been normalised. */
    private ImageBatch floats(NpyPixels pixels) throws NpzException {
        IntUnaryOperator items = items();
        float[] values = new float[array.size()];
        double least = 0;
        double most = 0;
        for (int i = 0; i < values.length; i++) {
            double value = pixels.real(items.applyAsInt(i));
            least = Math.min(least, value); // NaN stays NaN
            most = Math.max(most, value);
            values[i] = (float) value;
        }
        if (!(least < Normalisation.BELOW && Math.max(-least, most) < Normalisation.FARTHEST)) {
            for (int i = 0; i < values.length; i++) {
                pixels.intensity(i);
            }
        }
        return ImageBatch.owning(shape, values);
    }

    private ImageBatch bytes(NpyPixels pixels) throws NpzException {
        byte[] levels = new byte[array.size()];
        copyLevels(pixels, 0, levels);
        return new ByteBatch(shape, levels);
    }

    /** Returns the single images, whose floats become the nearest levels. */
    List<Image> images() throws NpzException {
        NpyPixels pixels = new NpyPixels(array, shape.size());
        List<Image> images = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] levels = new byte[shape.size()];
            copyLevels(pixels, i * levels.length, levels);
            images.add(Image.owning(shape, levels));
        }
        return images;
    }

    private void copyLevels(NpyPixels pixels, int from, byte[] target) throws NpzException {
        IntUnaryOperator items = items();
        for (int i = 0; i < target.length; i++) {
            target[i] = pixels.level(items.applyAsInt(from + i));
        }
    }

    /** Returns which item of the array is a value of the images, counted as in [n, C, H, W]. */
    private IntUnaryOperator items() {
        if (!layout.equals(Optional.of(Layout.CHANNELS_LAST))) {
            return IntUnaryOperator.identity();
        }
        int size = shape.size();
        int plane = shape.planeSize();
        int channels = shape.channels();
        return value -> value - value % size + value % plane * channels + value % size / plane;
    }

    /** Formats the reading as {@code 1 image of 3x32x32 with channels-first}. */
    @Override
    public String toString() {
        return count
                + (count == 1 ? " image of " : " images of ")
                + shape
                + layout.map(place -> " with " + place).orElse("");
    }
}
