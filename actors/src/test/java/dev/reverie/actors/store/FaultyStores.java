package dev.reverie.actors.store;

import java.nio.file.Path;

/** Opens stores on a {@link FaultyDisk}. */
public final class FaultyStores {

    private FaultyStores() {}

    public static Store open(Path folder) {
        return Store.inFolder(folder, FaultyDisk.PREFIX);
    }
}
