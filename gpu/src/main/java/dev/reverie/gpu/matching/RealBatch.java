package dev.reverie.gpu.matching;

import dev.reverie.gpu.dataset.Image;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The real images used in one class step, with their weights, which sum to 1. */
record RealBatch(List<Image> images, List<Double> weights) {

    RealBatch {
        images = List.copyOf(images);
        weights = List.copyOf(weights);
    }

    static RealBatch even(List<Image> images) {
        return new RealBatch(images, Collections.nCopies(images.size(), 1.0 / images.size()));
    }

    /**
     * Creates a batch that contains each image once; an image that occurs n times in {@code images} gets n times the
     * weight.
     */
    static RealBatch distinct(List<Image> images) {
        Map<String, Integer> places = new HashMap<>();
        List<Image> once = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (Image image : images) {
            int place = places.computeIfAbsent(text(image), _ -> places.size());
            if (place == once.size()) {
                once.add(image);
                weights.add(0.0);
            }
            weights.set(place, weights.get(place) + 1.0 / images.size());
        }
        return new RealBatch(once, weights);
    }

    /** The levels of an image as Latin-1, because the JDK hashes and compares strings much faster than buffers. */
    private static String text(Image image) {
        byte[] levels = new byte[image.shape().size()];
        image.levels().get(levels);
        return new String(levels, StandardCharsets.ISO_8859_1);
    }

    int size() {
        return images.size();
    }

    /** Weights of {@code count} images from {@code start} on. */
    double[] weights(int start, int count) {
        return weights.subList(start, start + count).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
