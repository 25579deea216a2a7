package dev.reverie.actors.intake;

import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("With a PostgreSQL server:")
class PostgresIntakeIT {

    private static PostgresServer server;
    private String url = "";

    @BeforeAll
    static void start(@TempDir Path data) {
        server = PostgresServer.startedIn(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private Store store() {
        if (url.isEmpty()) {
            url = server.newDatabase();
        }
        return Store.onPostgres(url, PostgresServer.USER, "");
    }

    @Nested
    class Deliveries extends DeliveryTest {
        @Override
        Store openStore() {
            return store();
        }
    }

    @Nested
    class Removals extends ClassRemovalTest {
        @Override
        Store openStore() {
            return store();
        }
    }

    @Nested
    class Items extends DeliveredItemsTest {
        @Override
        Store openStore() {
            return store();
        }
    }

    @Nested
    class Learning extends SavedLearningTest {
        @Override
        Store openStore() {
            return store();
        }
    }

    @Nested
    class SeveralClasses extends AtomicDeliveryTest {
        @Override
        Store openStore() {
            return store();
        }
    }

    @Nested
    class Kills extends KillIT {
        @Override
        String place(Path folder) {
            return server.newDatabase();
        }
    }
}
