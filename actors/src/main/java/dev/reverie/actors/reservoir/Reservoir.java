package dev.reverie.actors.reservoir;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A uniform sample without replacement of a stream, of bounded size: the images with the smallest priorities, where the
 * priority of the t-th sample is a hash of a key and t (bottom-k sampling, Cohen and Kaplan, 2007). Priorities are as
 * good as independent of each other and of the images, so every subset of the stream is as likely as any other of its
 * size.
 *
 * <p>No generator is kept: what is in the reservoir after t samples is a function of key, capacities and t, also across
 * restarts. Whoever shrinks gets what a smaller reservoir would have held all along. One that grows again does so with
 * new samples below the bound it had reached: those it dropped are gone, so it stays uniform but fills up slowly.
 *
 * <p>Images are in the order of their priorities, so the first m are a uniform sample too. Immutable.
 */
public final class Reservoir {

    private final long key;
    private final int capacity;
    private final long bound;
    private final List<ReservoirImage> kept;

    private Reservoir(long key, int capacity, long bound, List<ReservoirImage> kept) {
        this.key = key;
        this.capacity = capacity;
        this.bound = bound;
        this.kept = kept;
    }

    /**
     * An empty reservoir.
     *
     * @param key seed of its choices
     * @param capacity at most so many images, at least 0
     */
    public static Reservoir empty(long key, int capacity) {
        return new Reservoir(key, capacity, Long.MAX_VALUE, List.of());
    }

    /**
     * A reservoir as it was.
     *
     * @param bound of {@link #bound()}
     * @param kept of {@link #kept()}, in any order
     */
    public static Reservoir restored(long key, int capacity, long bound, List<ReservoirImage> kept) {
        return new Reservoir(key, capacity, bound, List.of()).joined(kept);
    }

    /** Those of consecutive samples that would stay if all of them came now. */
    public List<ReservoirImage> choose(long first, List<Image> images) {
        List<ReservoirImage> candidates = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            if (priority(first + i) < bound) {
                candidates.add(new ReservoirImage(first + i, images.get(i)));
            }
        }
        if (kept.size() + candidates.size() <= capacity) {
            return candidates;
        }
        return joined(candidates).kept.stream()
                .filter(each -> each.ordinal() >= first)
                .toList();
    }

    /** With samples that {@link #choose} chose, without those they push out. */
    public Reservoir with(List<ReservoirImage> chosen) {
        return chosen.isEmpty() ? this : joined(chosen);
    }

    /** With another capacity; a uniform sample of what it held, if it held more. */
    public Reservoir resized(int newCapacity) {
        return new Reservoir(key, newCapacity, bound, kept).joined(List.of());
    }

    private Reservoir joined(List<ReservoirImage> more) {
        Prioritised[] all = new Prioritised[kept.size() + more.size()];
        int count = 0;
        for (ReservoirImage each : kept) {
            all[count++] = new Prioritised(priority(each.ordinal()), each);
        }
        for (ReservoirImage each : more) {
            all[count++] = new Prioritised(priority(each.ordinal()), each);
        }
        Arrays.sort(all);
        int size = Math.min(capacity, all.length);
        long newBound = size == all.length ? bound : Math.min(bound, size == 0 ? 0 : all[size - 1].priority + 1);
        ReservoirImage[] staying = new ReservoirImage[size];
        for (int i = 0; i < size; i++) {
            staying[i] = all[i].kept;
        }
        return new Reservoir(key, capacity, newBound, List.of(staying));
    }

    private record Prioritised(long priority, ReservoirImage kept) implements Comparable<Prioritised> {
        @Override
        public int compareTo(Prioritised other) {
            int byPriority = Long.compare(priority, other.priority);
            return byPriority != 0 ? byPriority : Long.compare(kept.ordinal(), other.kept.ordinal());
        }
    }

    /** Uniform over 0 to 2^63 - 1. */
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
        return kept.size();
    }

    /** Samples of this priority and above are not taken. */
    public long bound() {
        return bound;
    }

    /** What it holds, by priority. */
    public List<ReservoirImage> kept() {
        return kept;
    }

    /** The images it holds, by priority. */
    public List<Image> images() {
        return kept.stream().map(ReservoirImage::image).toList();
    }
}
