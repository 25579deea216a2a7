package dev.reverie.actors.deduplication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The fingerprints of the most recent samples of a class. The oldest fingerprints are dropped in whole blocks, so a
 * window can exceed its capacity, but by less than one block. Immutable; an extended window shares complete blocks with
 * the window from which it was made. Instances are compared by identity.
 */
public final class FingerprintWindow {

    private static final int BLOCK = 256;

    private final int capacity;
    private final List<long[]> blocks;
    private final long[] tail;

    private FingerprintWindow(int capacity, List<long[]> blocks, long[] tail) {
        this.capacity = capacity;
        this.blocks = blocks;
        this.tail = tail;
    }

    /**
     * Creates an empty window.
     *
     * @param capacity number of fingerprints, at least 0
     */
    public static FingerprintWindow ofCapacity(int capacity) {
        return new FingerprintWindow(capacity, List.of(), new long[0]);
    }

    public int capacity() {
        return capacity;
    }

    public int size() {
        return blocks.size() * BLOCK + tail.length / 2;
    }

    /** Returns a window with newer fingerprints at the end, without the oldest blocks beyond the capacity. */
    public FingerprintWindow with(FingerprintBlock newer) {
        long[] added = newer.toArray();
        long[] joined = Arrays.copyOf(tail, tail.length + added.length);
        System.arraycopy(added, 0, joined, tail.length, added.length);
        if (joined.length < 2 * BLOCK) {
            return new FingerprintWindow(capacity, blocks, joined).trimmed();
        }
        List<long[]> longer = new ArrayList<>(blocks);
        int from = 0;
        for (; joined.length - from >= 2 * BLOCK; from += 2 * BLOCK) {
            longer.add(Arrays.copyOfRange(joined, from, from + 2 * BLOCK));
        }
        return new FingerprintWindow(capacity, longer, Arrays.copyOfRange(joined, from, joined.length)).trimmed();
    }

    /** Returns a window with another capacity and the newest fingerprints that fit in it. */
    public FingerprintWindow resized(int newCapacity) {
        return new FingerprintWindow(newCapacity, blocks, tail).trimmed();
    }

    private FingerprintWindow trimmed() {
        int blocksToDrop = Math.min(blocks.size(), Math.max(0, (size() - capacity) / BLOCK));
        return blocksToDrop == 0
                ? this
                : new FingerprintWindow(capacity, List.copyOf(blocks.subList(blocksToDrop, blocks.size())), tail);
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
