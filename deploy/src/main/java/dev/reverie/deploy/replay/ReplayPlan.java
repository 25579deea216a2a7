package dev.reverie.deploy.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The images of a replay, with their order and rate.
 *
 * @param places indices of the training images in {@link ReplaySource#classes()}, in the order of the stream
 * @param batch maximum number of images per delivery, at least 1
 * @param rate maximum number of images per second; empty if unlimited
 */
public record ReplayPlan(ReplaySource source, List<Integer> places, int batch, Optional<Double> rate) {

    public ReplayPlan {
        places = List.copyOf(places);
        if (batch < 1 || rate.filter(images -> !(images > 0)).isPresent()) {
            throw new IllegalArgumentException("a delivery has at least one image, and a rate is positive");
        }
    }

    /**
     * Divides the images into deliveries of at most {@code batch} images and the bytes that the source allows, but at
     * least one image. At a rate below {@code batch}, a delivery has at most the images of one second.
     *
     * @return for each delivery, indices of the training images
     */
    public List<List<Integer>> deliveries() {
        int size =
                rate.map(images -> (int) Math.max(1, Math.min(images, batch))).orElse(batch);
        List<List<Integer>> deliveries = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int to = 0; to < places.size(); to++) {
            long next = source.bytes(places.get(to));
            if (to > from && (to - from == size || bytes + next > source.maxBytes())) {
                deliveries.add(places.subList(from, to));
                from = to;
                bytes = 0;
            }
            bytes += next;
        }
        if (from < places.size()) {
            deliveries.add(places.subList(from, places.size()));
        }
        return deliveries;
    }
}
