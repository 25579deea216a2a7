package dev.reverie.actors.intake;

import dev.reverie.actors.store.PostgresPerClass;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("With a PostgreSQL server:")
class PostgresIntakeIT {

    @RegisterExtension
    static final PostgresPerClass POSTGRES = new PostgresPerClass();

    private static Store store() {
        return Store.onPostgres(POSTGRES.url(), PostgresServer.USER, "");
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
    class Files extends DeliveredFilesTest {
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
    class SeveralClasses extends MixedDeliveryTest {
        @Override
        Store openStore() {
            return store();
        }
    }

    @Nested
    class Kills extends KillIT {
        @Override
        String place(Path folder) {
            return POSTGRES.url();
        }
    }
}
