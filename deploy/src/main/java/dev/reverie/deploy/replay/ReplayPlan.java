package dev.reverie.deploy.replay;

import dev.reverie.gpu.dataset.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The images of a replay, with their order and rate.
 *
 * @param places indices of the training images in {@link Dataset#train()}, in the order of the stream
 * @param batch maximum number of images per delivery, at least 1
 * @param rate maximum number of images per second; empty if unlimited
 */
public record ReplayPlan(Dataset dataset, SampleNames names, List<Integer> places, int batch, Optional<Double> rate) {

    /** Maximum size of the pixels in a delivery, in bytes: half of the default limit on a delivery. */
    private static final int BYTES = 4 << 20;

    public ReplayPlan {
        places = List.copyOf(places);
        if (batch < 1 || rate.filter(images -> !(images > 0)).isPresent()) {
            throw new IllegalArgumentException("a delivery has at least one image, and a rate is positive");
        }
    }

    /**
     * Divides the images into deliveries. At a low rate, each delivery contains the images of one second, at least one.
     */
    public List<List<Integer>> deliveries() {
        int perSecond =
                rate.map(images -> (int) Math.max(1, Math.min(images, batch))).orElse(batch);
        int size = Math.min(perSecond, Math.max(1, BYTES / dataset.shape().size()));
        List<List<Integer>> deliveries = new ArrayList<>();
        for (int from = 0; from < places.size(); from += size) {
            deliveries.add(places.subList(from, Math.min(from + size, places.size())));
        }
        return deliveries;
    }
}
