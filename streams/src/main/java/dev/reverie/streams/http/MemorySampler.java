package dev.reverie.streams.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Draws a random batch from a memory, with the same number of images of each class, or one more if the batch cannot be
 * divided evenly. Draws the images of a class uniformly, and repeats none before all of them have been drawn. Equal
 * seeds draw equal batches from the same memory.
 */
final class MemorySampler {

    private final SplittableRandom random;
    private final Map<Integer, List<Integer>> images = new HashMap<>();
    private final Map<Integer, Deque<Integer>> remaining = new HashMap<>();

    /**
     * Creates a sampler.
     *
     * @param labels class index of each image of the memory
     */
    MemorySampler(List<Integer> labels, long seed) {
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < labels.size(); i++) {
            images.computeIfAbsent(labels.get(i), _ -> new ArrayList<>()).add(i);
        }
    }

    /**
     * Draws images and returns their indices.
     *
     * @param classes indices of the classes to draw from; not empty, and each class must have images
     */
    List<Integer> draw(int count, List<Integer> classes) {
        List<Integer> order = new ArrayList<>(classes);
        Collections.shuffle(order, random);
        List<Integer> batch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            batch.add(next(order.get(i % order.size())));
        }
        Collections.shuffle(batch, random);
        return batch;
    }

    private int next(int label) {
        Deque<Integer> pool = remaining.computeIfAbsent(label, _ -> new ArrayDeque<>());
        if (pool.isEmpty()) {
            List<Integer> shuffled = new ArrayList<>(images.getOrDefault(label, List.of()));
            Collections.shuffle(shuffled, random);
            pool.addAll(shuffled);
        }
        return pool.removeFirst();
    }
}
