package dev.reverie.actors.reservoir;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Seeds;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A uniform sample of a stream, drawn without replacement and bounded in size. The sample consists of the images with
 * the smallest priorities; the priority of the t-th image of the stream is a hash of a key and t (bottom-k sampling,
 * Cohen and Kaplan, 2007). Priorities are practically independent of each other and of the images, so all subsets of
 * the stream that have the same size are equally likely.
 *
 * <p>The state of a random number generator need not be persisted, because the content after t samples depends only on
 * the key, the capacities and t. After a reservoir shrinks, its content is the same as if it had been smaller from the
 * start. A reservoir that grows again still accepts only samples with priorities below its earlier bound, because the
 * dropped samples are lost. A reservoir that has grown again stays uniform but fills slowly.
 *
 * <p>The images are in the order of their priorities, so the first m images are a uniform sample as well. Immutable.
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
     * @param key seed of the random choices
     * @param capacity maximum number of images, at least 0
     */
    public static Reservoir empty(long key, int capacity) {
        return new Reservoir(key, capacity, Long.MAX_VALUE, List.of());
    }

    /**
     * Restores a reservoir.
     *
     * @param bound the result of {@link #bound()}
     * @param entries the result of {@link #entries()}, in any order
     */
    public static Reservoir restored(long key, int capacity, long bound, List<ReservoirImage> entries) {
        return new Reservoir(key, capacity, bound, List.of()).merge(entries);
    }

    /**
     * Selects the images that would enter the reservoir. Changes nothing.
     *
     * @param offered new images in the order of their ordinals, which are higher than those of all earlier images
     */
    public List<ReservoirImage> choose(List<ReservoirImage> offered) {
        List<ReservoirImage> candidates = offered.stream()
                .filter(each -> priority(each.ordinal()) < bound)
                .toList();
        if (entries.size() + candidates.size() <= capacity) {
            return candidates;
        }
        return merge(candidates).entries.stream()
                .filter(each -> each.ordinal() >= offered.getFirst().ordinal())
                .toList();
    }

    /**
     * Returns a reservoir that contains the images that {@link #choose} selected, without the images that they replace.
     */
    public Reservoir with(List<ReservoirImage> chosen) {
        return chosen.isEmpty() ? this : merge(chosen);
    }

    /**
     * Returns a reservoir with another capacity. If the capacity is smaller, the reservoir has a uniform sample of the
     * images. A reservoir that had no capacity begins anew with the samples that come, because it has none left of
     * those before.
     */
    public Reservoir resized(int newCapacity) {
        long from = capacity == 0 ? Long.MAX_VALUE : bound;
        return new Reservoir(key, newCapacity, from, entries).merge(List.of());
    }

    /**
     * Returns a reservoir without the images that arrived before a time. The newest images stay, whatever their age.
     * After an image has left, samples of any priority enter until the reservoir is full again. While samples arrive at
     * a constant rate, the reservoir remains a nearly uniform sample of the images since that time; newer ones are
     * slightly more likely, the less so the larger the reservoir. After the rate has changed, newer images are more
     * likely until all images from before the change have left.
     *
     * @param staying number of images that stay
     * @param now time at which images of unknown arrival count as arrived
     */
    public Reservoir without(Instant before, int staying, Instant now) {
        List<ReservoirImage> dated =
                entries.stream().map(each -> each.arrivedIfUnknown(now)).toList();
        int old = (int)
                dated.stream().filter(each -> each.arrived().isBefore(before)).count();
        int leaving = Math.min(old, dated.size() - staying);
        if (leaving <= 0) {
            return dated.equals(entries) ? this : new Reservoir(key, capacity, bound, dated);
        }
        long[] ordinals =
                dated.stream().mapToLong(ReservoirImage::ordinal).sorted().toArray();
        long first = leaving == ordinals.length ? Long.MAX_VALUE : ordinals[leaving];
        return new Reservoir(
                key,
                capacity,
                Long.MAX_VALUE,
                dated.stream().filter(each -> each.ordinal() >= first).toList());
    }

    /** Returns a reservoir without some images, in the place of which only samples below the present bound enter. */
    public Reservoir without(Collection<Long> ordinals) {
        List<ReservoirImage> staying = entries.stream()
                .filter(each -> !ordinals.contains(each.ordinal()))
                .toList();
        return staying.size() == entries.size() ? this : new Reservoir(key, capacity, bound, staying);
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

    /** Returns a pseudo-random number, uniform from 0 to 2^63 - 1. */
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

    /** The bound of the priorities: only samples with a smaller priority enter. */
    public long bound() {
        return bound;
    }

    /** The images with their ordinals, in the order of their priorities. */
    public List<ReservoirImage> entries() {
        return entries;
    }

    /** The images in the order of their priorities. */
    public List<Image> images() {
        return entries.stream().map(ReservoirImage::image).toList();
    }
}
