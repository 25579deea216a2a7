package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service whose connection with the lock of its store on a server has ended")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ServerLockTest {

    private static final String HOLDS_A_LOCK =
            "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory'" + " AND mode = 'ExclusiveLock' AND granted)";
    private static final String IS_ANOTHER = "pid <> pg_backend_pid() AND backend_type = 'client backend'";

    private PostgresServer server;
    private String url = "";
    private RunningIntake intake;

    @BeforeEach
    void start(@TempDir Path data) {
        server = PostgresServer.startedIn(data);
        url = server.newDatabase();
        intake = RunningIntake.on(open(), IntakeLimits.DEFAULT);
        intake.deliver(samples("cat", 5, 1));
    }

    @AfterEach
    void stop() {
        intake.close();
        server.close();
    }

    @Test
    @DisplayName("takes the lock again before it writes, and then keeps a second service out of the store")
    void keepsOthersOut() throws Exception {
        terminate(HOLDS_A_LOCK);

        assertThat(intake.deliver(samples("cat", 5, 2))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is in use by another process");
    }

    @Test
    @DisplayName("acknowledges nothing after a second service has opened the store, even when that has stopped")
    void yields() {
        Store taken = Stream.generate(this::takeOver)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();

        DeliveryOutcome meanwhile = intake.deliver(samples("cat", 5, 2));
        try (RunningIntake second = RunningIntake.on(taken, IntakeLimits.DEFAULT)) {
            assertThat(second.deliver(samples("cat", 5, 3))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        }

        assertThat(meanwhile).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(intake.deliver(samples("cat", 5, 4))).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThatThrownBy(() -> intake.store().probe().toCompletableFuture().join())
                .hasMessageContaining("was used by another process meanwhile");
    }

    /** Ends all connections, and opens the store unless the first service is faster. */
    private Optional<Store> takeOver() {
        try {
            terminate(IS_ANOTHER);
            return Optional.of(open());
        } catch (StoreException firstIsFaster) {
            return Optional.empty();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private Store open() {
        return Store.onPostgres(url, PostgresServer.USER, "");
    }

    private void terminate(String condition) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, PostgresServer.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
                            + condition);
        }
    }
}
