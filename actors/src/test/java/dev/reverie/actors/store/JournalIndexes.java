package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.h2.engine.Database;
import org.h2.mvstore.MVMap;

/** The maps in which H2 keeps the indices of the journal. */
final class JournalIndexes {

    private JournalIndexes() {}

    /** The map of the index whose name begins with a prefix. */
    static MVMap<Object, Object> map(Connection connection, String prefix) throws SQLException {
        Database database = H2FileDriver.session(connection).getDatabase();
        int number = database.getMainSchema().getAllIndexes().stream()
                .filter(index -> index.getName().startsWith(prefix))
                .filter(index -> index.getTable().getName().equals("event_journal"))
                .findFirst()
                .orElseThrow()
                .getId();
        return database.getStore().getMvStore().openMap("index." + number);
    }
}
