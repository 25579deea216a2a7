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

    /** Half of the default limit on the size of a delivery. */
    private static final int MAX_PIXEL_BYTES = 4 << 20;

    public ReplayPlan {
        places = List.copyOf(places);
        if (batch < 1 || rate.filter(images -> !(images > 0)).isPresent()) {
            throw new IllegalArgumentException("a delivery has at least one image, and a rate is positive");
        }
    }

    /**
     * Divides the images into deliveries of at most {@code batch} images and 4 MiB of pixels, but at least one image.
     * At a rate below {@code batch}, a delivery has at most the images of one second.
     *
     * @return for each delivery, indices of the training images
     */
    public List<List<Integer>> deliveries() {
        int perSecond =
                rate.map(images -> (int) Math.max(1, Math.min(images, batch))).orElse(batch);
        int size = Math.min(
                perSecond, Math.max(1, MAX_PIXEL_BYTES / dataset.shape().size()));
        List<List<Integer>> deliveries = new ArrayList<>();
        for (int from = 0; from < places.size(); from += size) {
            deliveries.add(places.subList(from, Math.min(from + size, places.size())));
        }
        return deliveries;
    }
}
