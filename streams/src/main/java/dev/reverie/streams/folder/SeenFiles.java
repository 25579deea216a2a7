package dev.reverie.streams.folder;

import dev.reverie.actors.deduplication.ItemKeys;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;

/**
 * Remembers the keys of files that were read, of files that only the last scan has found, which may still be
 * incomplete, of files that could not be read, and of files that the service has recorded as delivered. Thread safe.
 */
final class SeenFiles {

    private final LongOpenHashSet recorded;
    private final LongOpenHashSet unfinished = new LongOpenHashSet();
    private final LongOpenHashSet unreadable = new LongOpenHashSet();
    private LongOpenHashSet taken;
    private LongOpenHashSet seen = new LongOpenHashSet();
    private LongOpenHashSet takenNow = new LongOpenHashSet();
    private LongOpenHashSet seenNow = new LongOpenHashSet();

    /**
     * Creates the memory of a new stream.
     *
     * @param recorded the delivered files
     * @param taken the files that need not be read again
     */
    SeenFiles(ItemKeys recorded, ItemKeys taken) {
        this.recorded = new LongOpenHashSet(recorded.toArray());
        this.taken = new LongOpenHashSet(taken.toArray());
    }

    /**
     * Returns true once per file, when the file has not changed since the previous scan, and again after the file could
     * not be read.
     */
    synchronized boolean take(FoundFile file) {
        boolean before = taken.contains(file.key());
        if (!before && !seen.contains(file.key())) {
            seenNow.add(file.key());
            return false;
        }
        takenNow.add(file.key());
        boolean isTaken = !before || (unreadable.contains(file.key()) && !unfinished.contains(file.key()));
        if (isTaken) {
            unfinished.add(file.key());
        }
        return isTaken;
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

    /** Notes that a taken file was delivered or refused. */
    synchronized void finish(FoundFile file) {
        unfinished.remove(file.key());
        unreadable.remove(file.key());
        recorded.add(file.key());
    }

    /** Whether any files must be checked again by another scan. */
    synchronized boolean needsScan() {
        return !seen.isEmpty();
    }

    /**
     * Ends a scan and forgets the files that it did not find.
     *
     * @param isComplete whether the scan could read all files. Otherwise, or if it found none, the folder may be on a
     *     drive that is away, and nothing is removed from the record of delivered files
     * @return the files to remove from the record of delivered files
     */
    synchronized ItemKeys endScan(boolean isComplete) {
        if (!isComplete) {
            takenNow.addAll(taken); // the files of a folder that cannot be read now are not new when it can be again
        }
        taken = takenNow;
        seen = seenNow;
        takenNow = new LongOpenHashSet();
        seenNow = new LongOpenHashSet();
        unreadable.retainAll(taken);
        if (!isComplete || (taken.isEmpty() && seen.isEmpty())) {
            return ItemKeys.NONE;
        }
        LongOpenHashSet gone = new LongOpenHashSet();
        recorded.forEach((long key) -> {
            if (!taken.contains(key) && !seen.contains(key) && !unfinished.contains(key)) {
                gone.add(key);
            }
        });
        recorded.removeAll(gone);
        return ItemKeys.of(gone.toLongArray());
    }
}
