package dev.reverie.streams.folder;

import dev.reverie.actors.deduplication.FileKeys;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Remembers the keys of files that were read, of files that were found too recently and may still be incomplete, of
 * files that could not be read, and of files that the service has recorded as delivered. Thread safe.
 */
final class SeenFiles {

    private final long settle;
    private final LongSupplier nanos;
    private final LongOpenHashSet recorded;
    private final LongOpenHashSet unfinished = new LongOpenHashSet();
    private final LongOpenHashSet unreadable = new LongOpenHashSet();
    private final LongOpenHashSet removed = new LongOpenHashSet();
    private final UnmountedFiles unmounted = new UnmountedFiles();
    private LongOpenHashSet taken;
    /** When each file was first found, in nanoseconds. */
    private Long2LongOpenHashMap seen = new Long2LongOpenHashMap();

    private LongOpenHashSet takenNow = new LongOpenHashSet();
    private Long2LongOpenHashMap seenNow = new Long2LongOpenHashMap();

    /**
     * Creates the memory of a new stream.
     *
     * @param taken the files that need not be read again
     * @param settle time for which a file has to stay unchanged
     * @param nanos counts nanoseconds, as {@link System#nanoTime}
     */
    SeenFiles(FileKeys recorded, FileKeys taken, Duration settle, LongSupplier nanos) {
        this.settle = settle.toNanos();
        this.nanos = nanos;
        this.recorded = new LongOpenHashSet(recorded.toArray());
        this.taken = new LongOpenHashSet(taken.toArray());
    }

    /**
     * Returns true once per file, when each scan for long enough has found the file unchanged, and again after the file
     * could not be read.
     */
    synchronized boolean take(FoundFile file) {
        boolean before = taken.contains(file.key());
        if (!before && !isSettled(file)) {
            return false;
        }
        takenNow.add(file.key());
        boolean isTaken = !before || (unreadable.contains(file.key()) && !unfinished.contains(file.key()));
        if (isTaken) {
            unfinished.add(file.key());
        }
        return isTaken;
    }

    private boolean isSettled(FoundFile file) {
        long now = nanos.getAsLong();
        long first = seen.getOrDefault(file.key(), now);
        boolean settled = seen.containsKey(file.key()) && now - first >= settle;
        if (!settled) {
            seenNow.put(file.key(), first);
        }
        return settled;
    }

    /**
     * Notes that a taken file could not be read, so that the next scan takes it again.
     *
     * @return whether this is the first time
     */
    synchronized boolean retry(FoundFile file) {
        unfinished.remove(file.key());
        return unreadable.add(file.key());
    }

    /** Notes that a taken file was gone before it could be read, so that it counts as new when it is back. */
    synchronized void forget(FoundFile file) {
        taken.remove(file.key());
        takenNow.remove(file.key());
        unfinished.remove(file.key());
    }

    /** Notes that a taken file was delivered or refused. */
    synchronized void finish(FoundFile file) {
        unfinished.remove(file.key());
        unreadable.remove(file.key());
        recorded.add(file.key());
    }

    /**
     * Notes that a taken file was delivered or refused, and then moved or deleted. The end of any scan forgets it, even
     * of an incomplete one.
     */
    synchronized void remove(FoundFile file) {
        finish(file);
        removed.add(file.key());
    }

    /** Whether any files must be checked again by another scan. */
    synchronized boolean needsScan() {
        return !seen.isEmpty();
    }

    /**
     * Ends a scan and forgets the files that it did not find.
     *
     * @param isComplete whether the scan could read all files. Otherwise, or if it found none, the folder may be on a
     *     drive that is away: only {@linkplain #remove removed} files leave the record of delivered files, and the
     *     others are not read again when they are back
     * @param emptyFolders the subfolders without files, which may be drives that are away
     * @return the files to remove from the record of delivered files
     */
    synchronized FileKeys endScan(boolean isComplete, Set<Path> emptyFolders) {
        LongOpenHashSet takenBefore = taken;
        boolean isAway = !isComplete || (takenNow.isEmpty() && seenNow.isEmpty());
        if (isAway) {
            takenNow.addAll(taken);
            takenNow.removeAll(removed);
        }
        taken = takenNow;
        seen = seenNow;
        takenNow = new LongOpenHashSet();
        seenNow = new Long2LongOpenHashMap();
        LongOpenHashSet gone = new LongOpenHashSet(removed);
        if (!isAway) {
            unmounted.update(emptyFolders);
            gone = missing();
            gone.removeAll(unmounted.holdBack(gone, removed));
            taken.addAll(unmounted.among(takenBefore));
        }
        unreadable.retainAll(taken);
        gone.retainAll(recorded);
        recorded.removeAll(gone);
        removed.retainAll(taken);
        return FileKeys.of(gone.toLongArray());
    }

    private LongOpenHashSet missing() {
        LongOpenHashSet missing = new LongOpenHashSet();
        recorded.forEach((long key) -> {
            if (!taken.contains(key)
                    && !seen.containsKey(key)
                    && !unfinished.contains(key)
                    && !unmounted.contains(key)) {
                missing.add(key);
            }
        });
        return missing;
    }
}
