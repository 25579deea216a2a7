package dev.reverie.streams.folder;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;

/**
 * Remembers the fingerprints of files that were ingested and of files that only the last scan has found, which may
 * still be incomplete. Not thread safe.
 */
final class SeenFiles {

    private LongOpenHashSet taken = new LongOpenHashSet();
    private LongOpenHashSet seen = new LongOpenHashSet();
    private LongOpenHashSet takenNow = new LongOpenHashSet();
    private LongOpenHashSet seenNow = new LongOpenHashSet();

    /** Returns true once per file, when the file has not changed since the previous scan. */
    boolean take(FoundFile file) {
        boolean before = taken.contains(file.fingerprint());
        if (before || seen.contains(file.fingerprint())) {
            takenNow.add(file.fingerprint());
        } else {
            seenNow.add(file.fingerprint());
        }
        return !before && seen.contains(file.fingerprint());
    }

    /**
     * Ends a scan and forgets the files that it did not find.
     *
     * @return whether any files must be checked again by another scan
     */
    boolean endScan() {
        taken = takenNow;
        seen = seenNow;
        takenNow = new LongOpenHashSet();
        seenNow = new LongOpenHashSet();
        return !seen.isEmpty();
    }
}
