package dev.reverie.streams.folder;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;

/**
 * Remembers the ingested files of the folder, and those found once, which may still be written to, with eight bytes per
 * file. Not thread safe.
 */
final class SeenFiles {

    private LongOpenHashSet taken = new LongOpenHashSet();
    private LongOpenHashSet seen = new LongOpenHashSet();
    private LongOpenHashSet takenNow = new LongOpenHashSet();
    private LongOpenHashSet seenNow = new LongOpenHashSet();

    /** Returns true once per file, when it is unchanged since the previous scan. */
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
     * Forgets files that this scan did not find.
     *
     * @return whether files wait for the next scan
     */
    boolean endScan() {
        taken = takenNow;
        seen = seenNow;
        takenNow = new LongOpenHashSet();
        seenNow = new LongOpenHashSet();
        return !seen.isEmpty();
    }
}
