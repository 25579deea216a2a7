package dev.reverie.actors.schedule;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Chooses the images on which the matching network is trained. */
@FunctionalInterface
public interface TrainingSampler {

    List<ImageIndex> take(int count);

    /**
     * Returns a sampler that draws with replacement. All classes are equally likely, whatever the sizes of their
     * reservoirs, which may change between draws. Not thread safe.
     *
     * @param outputs indices of the network outputs for the classes, not empty
     */
    static TrainingSampler balanced(RandomGenerator random, List<Integer> outputs) {
        return count -> IntStream.range(0, count)
                .mapToObj(_ ->
                        new ImageIndex(outputs.get(random.nextInt(outputs.size())), random.nextInt(Integer.MAX_VALUE)))
                .toList();
    }

    /**
     * The index of a training image.
     *
     * @param output index of the network output for the class
     * @param index index into the images of the class, modulo their number
     */
    record ImageIndex(int output, int index) {}
}
