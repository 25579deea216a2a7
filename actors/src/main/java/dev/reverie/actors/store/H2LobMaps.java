package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import org.h2.mvstore.MVStore;

/**
 * The maps in which H2 finds large objects (LOBs), for example payloads. A query that returns large objects adds
 * references to these maps, so a page of them that cannot be read makes rows unreadable that are whole.
 */
final class H2LobMaps {

    private static final List<String> MAPS = List.of("lobMap", "lobRef", "tempLobMap");

    private H2LobMaps() {}

    /**
     * Reads the maps, but not the objects.
     *
     * @throws SQLException if the database is not an H2 file opened by this process
     * @throws RuntimeException if a map cannot be read, like all exceptions of H2 for damaged pages
     */
    static void read(Connection connection) throws SQLException {
        MVStore store =
                H2FileDriver.session(connection).getDatabase().getStore().getMvStore();
        MVStore.TxCounter usage = store.registerVersionUsage(); // H2 keeps the pages until they are read
        try {
            for (String map : MAPS) {
                if (store.hasMap(map)) {
                    Iterator<?> entries = store.openMap(map).keyIterator(null);
                    entries.forEachRemaining(entry -> {});
                }
            }
        } finally {
            store.deregisterVersionUsage(usage);
        }
    }
}
