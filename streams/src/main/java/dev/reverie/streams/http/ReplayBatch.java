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
 * Draws a batch from a memory: equally many images of each class (one more of some, if they do not divide), uniformly
 * and without repetition within a class until all of its images were drawn, in random order. Equal seeds draw equal
 * batches from equal memories.
 */
final class ReplayBatch {

    private final SplittableRandom random;
    private final Map<Integer, List<Integer>> images = new HashMap<>();
    private final Map<Integer, Deque<Integer>> left = new HashMap<>();

    /**
     * A draw.
     *
     * @param labels class of each image
     */
    ReplayBatch(List<Integer> labels, long seed) {
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < labels.size(); i++) {
            images.computeIfAbsent(labels.get(i), _ -> new ArrayList<>()).add(i);
        }
    }

    /**
     * Indices of the images drawn.
     *
     * @param classes to draw from, each of them with images; not empty
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
        Deque<Integer> pool = left.computeIfAbsent(label, _ -> new ArrayDeque<>());
        if (pool.isEmpty()) {
            List<Integer> shuffled = new ArrayList<>(images.getOrDefault(label, List.of()));
            Collections.shuffle(shuffled, random);
            pool.addAll(shuffled);
        }
        return pool.removeFirst();
    }
}
