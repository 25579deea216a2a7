package dev.reverie.streams.folder;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;

/**
 * Remembers the files that lie in the folder, eight bytes each: those that were taken, and those that were seen once
 * and may still be written to. Not thread safe.
 */
final class SeenFiles {

    private LongOpenHashSet taken = new LongOpenHashSet();
    private LongOpenHashSet seen = new LongOpenHashSet();
    private LongOpenHashSet takenNow = new LongOpenHashSet();
    private LongOpenHashSet seenNow = new LongOpenHashSet();

    /** Takes a file, once, when it is found as the last look found it. */
    boolean takes(FoundFile file) {
        boolean before = taken.contains(file.print());
        if (before || seen.contains(file.print())) {
            takenNow.add(file.print());
        } else {
            seenNow.add(file.print());
        }
        return !before && seen.contains(file.print());
    }

    /**
     * Forgets what was not found any more.
     *
     * @return whether there are files that wait for the next look
     */
    boolean endLook() {
        taken = takenNow;
        seen = seenNow;
        takenNow = new LongOpenHashSet();
        seenNow = new LongOpenHashSet();
        return !seen.isEmpty();
    }
}
