package dev.reverie.actors.deduplication;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of delivered files. Immutable; an extended instance shares its blocks with the instance from which it was
 * made. Instances are compared by identity.
 */
public final class FileKeys {

    /** The instance without keys. */
    public static final FileKeys NONE = new FileKeys(List.of());

    private static final int BLOCK = 1024;

    /** Blocks of at least {@link #BLOCK} keys, except for the last one. */
    private final List<long[]> blocks;

    private FileKeys(List<long[]> blocks) {
        this.blocks = blocks;
    }

    public static FileKeys of(long[] keys) {
        return keys.length == 0 ? NONE : new FileKeys(List.of(keys.clone()));
    }

    public int size() {
        return blocks.stream().mapToInt(block -> block.length).sum();
    }

    public FileKeys with(FileKeys others) {
        List<long[]> all = new ArrayList<>(blocks);
        for (long[] block : others.blocks) {
            if (all.isEmpty() || all.getLast().length >= BLOCK) {
                all.add(block);
            } else {
                long[] last = all.removeLast();
                long[] joined = Arrays.copyOf(last, last.length + block.length);
                System.arraycopy(block, 0, joined, last.length, block.length);
                all.add(joined);
            }
        }
        return new FileKeys(all);
    }

    public FileKeys without(FileKeys others) {
        LongOpenHashSet remaining = new LongOpenHashSet(toArray());
        for (long key : others.toArray()) {
            remaining.remove(key);
        }
        return of(remaining.toLongArray());
    }

    public long[] toArray() {
        long[] keys = new long[size()];
        int at = 0;
        for (long[] block : blocks) {
            System.arraycopy(block, 0, keys, at, block.length);
            at += block.length;
        }
        return keys;
    }
}
