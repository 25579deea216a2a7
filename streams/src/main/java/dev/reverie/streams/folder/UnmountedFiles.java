package dev.reverie.streams.folder;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys of recorded files that may be in a subfolder whose drive is away. Such a subfolder can be read, but is
 * empty. Not thread safe.
 */
final class UnmountedFiles {

    /**
     * Files that were missing when subfolders had become empty.
     *
     * @param folders those of the subfolders that have been empty since then
     */
    private record Absence(Set<Path> folders, LongOpenHashSet files) {}

    private final List<Absence> absences = new ArrayList<>();
    private Set<Path> empty = Set.of();
    private Set<Path> emptied = Set.of();

    /**
     * Notes which subfolders are empty now. Files are no longer away when each subfolder that may be theirs has had
     * files again, or is gone.
     */
    void update(Set<Path> emptyFolders) {
        absences.forEach(each -> each.folders().retainAll(emptyFolders));
        absences.removeIf(each -> each.folders().isEmpty());
        emptied = new HashSet<>(emptyFolders);
        emptied.removeAll(empty);
        empty = emptyFolders;
    }

    /** Adds the missing files that may be in a subfolder that has just become empty, and returns them. */
    LongOpenHashSet holdBack(LongOpenHashSet missing, LongOpenHashSet removed) {
        LongOpenHashSet files = new LongOpenHashSet();
        if (!emptied.isEmpty()) {
            files.addAll(missing);
            files.removeAll(removed);
        }
        if (!files.isEmpty()) {
            absences.add(new Absence(new HashSet<>(emptied), files));
        }
        return files;
    }

    boolean contains(long key) {
        return absences.stream().anyMatch(each -> each.files().contains(key));
    }

    /** Those of the files that are away. */
    LongOpenHashSet among(LongOpenHashSet files) {
        LongOpenHashSet found = new LongOpenHashSet();
        absences.forEach(each -> each.files().forEach((long key) -> {
            if (files.contains(key)) {
                found.add(key);
            }
        }));
        return found;
    }
}
