package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.mvstore.MVMap;
import org.h2.result.SearchRow;
import org.h2.value.ValueVarchar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The integrity check of a store in which the rows and the index of the events differ")
class IntegrityCheckTest {

    private static final int EVENTS = 5;
    /** Number of the column. */
    private static final int PERSISTENCE_ID = 2;

    private Database database;
    private Connection connection;
    private MVMap<Object, Object> rows;
    private MVMap<Object, Object> index;

    @BeforeEach
    void fillTheStore(@TempDir Path folder) throws SQLException {
        database = Database.h2("store", folder.resolve("reverie").toString());
        StoreConnection.open(database);
        connection = database.connect();
        for (int event = 1; event <= EVENTS; event++) {
            for (String owner : new String[] {"class|0", "class|1"}) {
                JournalInsert.event(connection, owner, event, new byte[1]);
            }
        }
        rows = H2FileDriver.session(connection)
                .getDatabase()
                .getStore()
                .getMvStore()
                .openMap("table.4");
        index = JournalIndexes.map(connection, "PRIMARY_KEY");
    }

    @AfterEach
    void closeTheStore() throws SQLException {
        connection.close();
        database.close();
    }

    @Test
    @DisplayName("finds that the index can be built again if it lacks a row")
    void repairsIncompleteIndices() throws SQLException {
        index.remove(index.firstKey());
        IntegrityCheck check = IntegrityCheck.of(connection, "store");
        assertThat(check.damage().reasons()).containsOnlyKeys("class|0");
        assertThat(check.hasWholeRows()).isTrue();
    }

    @Test
    @DisplayName("finds that the index can be built again if one of its keys is damaged")
    void repairsDamagedKeys() throws SQLException {
        SearchRow entry = (SearchRow) index.firstKey();
        Object value = index.remove(entry);
        entry.setValue(PERSISTENCE_ID, ValueVarchar.get("class|7"));
        index.put(entry, value);
        IntegrityCheck check = IntegrityCheck.of(connection, "store");
        assertThat(check.damage().reasons()).containsKeys("class|0", "class|7");
        assertThat(check.hasWholeRows()).isTrue();
    }

    @Test
    @DisplayName("names the actor of a row that only the index has, even if the index lacks another row")
    void namesLostRows() throws SQLException {
        index.remove(index.firstKey());
        rows.remove(rows.lastKey());

        IntegrityCheck check = IntegrityCheck.of(connection, "store");

        assertThat(check.hasWholeRows()).isFalse();
        assertThat(check.damage().reasons()).containsEntry("class|1", "the index and the table differ in event 5");
    }
}
