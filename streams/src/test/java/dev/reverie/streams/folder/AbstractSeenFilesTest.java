package dev.reverie.streams.folder;

import dev.reverie.actors.deduplication.ItemKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Three found files, and memories of seen files. */
abstract class AbstractSeenFilesTest {

    static final Duration SETTLE = Duration.ofNanos(1);
    static final FoundFile CAT = file("cat.png", 1);
    static final FoundFile DOG = file("dog.png", 2);
    static final FoundFile OWL = file("owl.png", 3);

    /** A clock on which time passes between any two looks. */
    static LongSupplier clock() {
        return new AtomicLong()::incrementAndGet;
    }

    static boolean takeInScan(SeenFiles files, FoundFile file) {
        boolean isTaken = files.take(file);
        files.endScan(true, Set.of());
        return isTaken;
    }

    static SeenFiles delivered(FoundFile... files) {
        long[] keys = new long[files.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = files[i].key();
        }
        return new SeenFiles(ItemKeys.of(keys), ItemKeys.of(keys), SETTLE, clock());
    }

    private static FoundFile file(String name, long key) {
        return new FoundFile(Path.of("root"), Path.of(name), false, 1, key);
    }
}
