package dev.reverie.deploy.replay;

import dev.reverie.gpu.dataset.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is streamed, and how fast.
 *
 * @param places of the training images in {@link Dataset#train()}, in the order of the stream
 * @param batch images of a delivery, at most, at least 1
 * @param rate images a second, at most, positive; empty: as fast as the service takes them
 */
public record ReplayPlan(Dataset dataset, SampleNames names, List<Integer> places, int batch, Optional<Double> rate) {

    /** Pixels of a delivery, at most: half of what a service takes by default. */
    private static final int BYTES = 4 << 20;

    public ReplayPlan {
        places = List.copyOf(places);
        if (batch < 1 || rate.filter(images -> !(images > 0)).isPresent()) {
            throw new IllegalArgumentException("a delivery has at least one image, and a rate is positive");
        }
    }

    /** The deliveries. A slow stream has small ones, so that one goes out every second. */
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
