package dev.reverie.actors.schedule;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws with replacement, every class as often as any other: for reservoirs that change while they are read, and that
 * are of different sizes. Not thread safe.
 *
 * @param labels of the places, not empty
 */
public record BalancedSampler(RandomGenerator random, List<Integer> labels) implements TrainingSampler {

    public BalancedSampler {
        labels = List.copyOf(labels);
    }

    @Override
    public List<Place> take(int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> new Place(labels.get(random.nextInt(labels.size())), random.nextInt(Integer.MAX_VALUE)))
                .toList();
    }
}
