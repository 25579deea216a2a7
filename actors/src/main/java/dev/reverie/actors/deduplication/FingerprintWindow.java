package dev.reverie.actors.deduplication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The fingerprints of the most recent samples of a class. The oldest fingerprints are dropped in whole blocks, so a
 * window can exceed its capacity, but by less than one block. Those of the last two deliveries since the window was
 * created or restored stay whatever the capacity, unless it is 0, so that a delivery can be repeated safely. Immutable;
 * an extended window shares complete blocks with the window from which it was made. Instances are compared by identity.
 */
public final class FingerprintWindow {

    private static final int BLOCK = 256;

    private final int capacity;
    private final List<long[]> blocks;
    private final long[] tail;
    /** Size of the last delivery; 0 if it is not known. */
    private final int last;
    /** Size of the delivery before the last one. */
    private final int previous;

    private FingerprintWindow(int capacity, List<long[]> blocks, long[] tail, int last, int previous) {
        this.capacity = capacity;
        this.blocks = blocks;
        this.tail = tail;
        this.last = last;
        this.previous = previous;
    }

    /**
     * Creates an empty window.
     *
     * @param capacity number of fingerprints, at least 0; a window of capacity 0 knows none
     */
    public static FingerprintWindow ofCapacity(int capacity) {
        return new FingerprintWindow(capacity, List.of(), new long[0], 0, 0);
    }

    /**
     * Creates a window from its stored fingerprints, which do not say where a delivery begins. All of them count as one
     * delivery until the capacity changes.
     */
    public static FingerprintWindow restored(int capacity, FingerprintBlock all) {
        return ofCapacity(capacity).joined(all, 0, 0);
    }

    public int capacity() {
        return capacity;
    }

    public int size() {
        return blocks.size() * BLOCK + tail.length / 2;
    }

    /** Number of the newest fingerprints that the class recognises; the window may have more, or fewer. */
    public int recognised() {
        if (capacity == 0) {
            return 0;
        }
        return Math.max(capacity, last == 0 ? size() : last + previous);
    }

    /** Returns a window with the fingerprints of a newer delivery at the end, without the oldest blocks. */
    public FingerprintWindow with(FingerprintBlock newer) {
        return joined(newer, newer.size(), last == 0 ? size() : last).trimmed();
    }

    private FingerprintWindow joined(FingerprintBlock newer, int newLast, int newPrevious) {
        long[] added = newer.toArray();
        long[] joined = Arrays.copyOf(tail, tail.length + added.length);
        System.arraycopy(added, 0, joined, tail.length, added.length);
        List<long[]> longer = joined.length < 2 * BLOCK ? blocks : new ArrayList<>(blocks);
        int from = 0;
        for (; joined.length - from >= 2 * BLOCK; from += 2 * BLOCK) {
            longer.add(Arrays.copyOfRange(joined, from, from + 2 * BLOCK));
        }
        return new FingerprintWindow(
                capacity, longer, Arrays.copyOfRange(joined, from, joined.length), newLast, newPrevious);
    }

    /** Returns a window with another capacity and the newest fingerprints that fit in it. */
    public FingerprintWindow resized(int newCapacity) {
        return new FingerprintWindow(newCapacity, blocks, tail, last, previous).trimmed();
    }

    private FingerprintWindow trimmed() {
        // A restored window does not know its last deliveries: only its capacity decides what stays.
        int kept = last == 0 ? capacity : recognised();
        int blocksToDrop = Math.min(blocks.size(), Math.max(0, (size() - kept) / BLOCK));
        return blocksToDrop == 0
                ? this
                : new FingerprintWindow(
                        capacity, List.copyOf(blocks.subList(blocksToDrop, blocks.size())), tail, last, previous);
    }

    /** All fingerprints, oldest first. */
    public FingerprintBlock all() {
        long[] pairs = new long[2 * size()];
        int to = 0;
        for (long[] block : blocks) {
            System.arraycopy(block, 0, pairs, to, block.length);
            to += block.length;
        }
        System.arraycopy(tail, 0, pairs, to, tail.length);
        return FingerprintBlock.of(pairs);
    }
}
