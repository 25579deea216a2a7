package dev.reverie.actors.schedule;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws training images with replacement. All classes are equally likely, whatever the sizes of their reservoirs, which
 * may change between draws. Not thread safe.
 *
 * @param outputs indices of the network outputs for the classes, not empty
 */
public record BalancedSampler(RandomGenerator random, List<Integer> outputs) implements TrainingSampler {

    public BalancedSampler {
        outputs = List.copyOf(outputs);
    }

    @Override
    public List<ImageIndex> take(int count) {
        return IntStream.range(0, count)
                .mapToObj(_ ->
                        new ImageIndex(outputs.get(random.nextInt(outputs.size())), random.nextInt(Integer.MAX_VALUE)))
                .toList();
    }
}
