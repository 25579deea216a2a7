package dev.reverie.actors.reservoir;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A uniform sample without replacement of a stream, of bounded size: the images with the smallest priorities, where the
 * priority of the t-th sample is a hash of a key and t (bottom-k sampling, Cohen and Kaplan, 2007). Priorities are
 * practically independent of each other and of the images, so all subsets of the stream of the same size are equally
 * likely.
 *
 * <p>There is no random generator to persist: the content after t samples is a function of key, capacities and t, also
 * across restarts. A reservoir that shrinks has the content that a smaller one would have had all along. A reservoir
 * that grows again takes only new samples below the bound it had reached, because the dropped ones are lost: it stays
 * uniform but fills slowly.
 *
 * <p>The images are in the order of their priorities, so the first m are a uniform sample as well. Immutable.
 */
public final class Reservoir {

    private final long key;
    private final int capacity;
    private final long bound;
    private final List<ReservoirImage> entries;

    private Reservoir(long key, int capacity, long bound, List<ReservoirImage> entries) {
        this.key = key;
        this.capacity = capacity;
        this.bound = bound;
        this.entries = entries;
    }

    /**
     * Creates an empty reservoir.
     *
     * @param key seed of its random choices
     * @param capacity maximum number of images, at least 0
     */
    public static Reservoir empty(long key, int capacity) {
        return new Reservoir(key, capacity, Long.MAX_VALUE, List.of());
    }

    /**
     * Restores a reservoir.
     *
     * @param bound as {@link #bound()} returned it
     * @param entries as {@link #entries()} returned them, in any order
     */
    public static Reservoir restored(long key, int capacity, long bound, List<ReservoirImage> entries) {
        return new Reservoir(key, capacity, bound, List.of()).merge(entries);
    }

    /** Selects the images that enter the reservoir when these consecutive samples are added; changes nothing. */
    public List<ReservoirImage> choose(long first, List<Image> images) {
        List<ReservoirImage> candidates = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            if (priority(first + i) < bound) {
                candidates.add(new ReservoirImage(first + i, images.get(i)));
            }
        }
        if (entries.size() + candidates.size() <= capacity) {
            return candidates;
        }
        return merge(candidates).entries.stream()
                .filter(each -> each.ordinal() >= first)
                .toList();
    }

    /** Returns a reservoir with samples that {@link #choose} selected, without the images they replace. */
    public Reservoir with(List<ReservoirImage> chosen) {
        return chosen.isEmpty() ? this : merge(chosen);
    }

    /** Returns a reservoir of another capacity; if it is smaller, with a uniform sample of the images. */
    public Reservoir resized(int newCapacity) {
        return new Reservoir(key, newCapacity, bound, entries).merge(List.of());
    }

    private Reservoir merge(List<ReservoirImage> more) {
        Prioritised[] all = new Prioritised[entries.size() + more.size()];
        int count = 0;
        for (ReservoirImage each : entries) {
            all[count++] = new Prioritised(priority(each.ordinal()), each);
        }
        for (ReservoirImage each : more) {
            all[count++] = new Prioritised(priority(each.ordinal()), each);
        }
        Arrays.sort(all);
        int size = Math.min(capacity, all.length);
        long newBound = size == all.length ? bound : Math.min(bound, size == 0 ? 0 : all[size - 1].priority + 1);
        ReservoirImage[] smallest = new ReservoirImage[size];
        for (int i = 0; i < size; i++) {
            smallest[i] = all[i].image;
        }
        return new Reservoir(key, capacity, newBound, List.of(smallest));
    }

    private record Prioritised(long priority, ReservoirImage image) implements Comparable<Prioritised> {
        @Override
        public int compareTo(Prioritised other) {
            int byPriority = Long.compare(priority, other.priority);
            return byPriority != 0 ? byPriority : Long.compare(image.ordinal(), other.image.ordinal());
        }
    }

    /** Pseudo-random and uniform in 0 to 2^63 - 1. */
    private long priority(long ordinal) {
        return Seeds.of(key, Seeds.Purpose.RESERVOIR, ordinal) >>> 1;
    }

    public long key() {
        return key;
    }

    public int capacity() {
        return capacity;
    }

    public int size() {
        return entries.size();
    }

    /** Samples with this priority or a larger one do not enter. */
    public long bound() {
        return bound;
    }

    /** Its images with their ordinals, by priority. */
    public List<ReservoirImage> entries() {
        return entries;
    }

    /** Its images, by priority. */
    public List<Image> images() {
        return entries.stream().map(ReservoirImage::image).toList();
    }
}
