package dev.reverie.streams;

import static dev.reverie.streams.Runs.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A running service that is asked whether it is ready")
class LiveReadinessTest extends RunningService {

    @Test
    @DisplayName("says that its worker does not answer, until it does")
    void missesTheWorker() {
        // given
        CompletableFuture<Void> held = holdTheWorker();
        assertThat(failedChecks()).isEmpty();

        // when
        later.set(Duration.ofMinutes(11));

        // then
        assertThat(failedChecks()).containsExactly("worker: unavailable: it has not answered for 11 minutes");
        held.complete(null);
        awaitLoops(2);
        assertThat(failedChecks()).isEmpty();
    }

    @Test
    @DisplayName("says that its store does not answer, also when it has nothing to write, until it does")
    void missesTheStore() throws SQLException {
        try (Connection other = database();
                Statement statement = other.createStatement()) {
            assertThat(failedChecks()).isEmpty();

            // when
            statement.execute("SET EXCLUSIVE 1"); // whoever else comes is kept waiting
            later.set(Duration.ofMinutes(2));

            // then
            assertThat(failedChecks()).singleElement().asString().matches("store: has not answered for 12\\d s");
            statement.execute("SET EXCLUSIVE FALSE");
            assertThat(failedChecks()).isEmpty();
        }
    }

    @Test
    @DisplayName("says that the list of its classes is damaged, rather than that it is still being read")
    void registryIsDamaged() throws SQLException {
        // given
        deliver("cat", 1, 0);
        await(service.stop(GRACE));
        damage("registry");

        // when
        service = starting();
        while (failedChecks().equals(List.of("store: is being read"))) {
            Thread.onSpinWait();
        }

        // then
        assertThat(failedChecks()).containsExactly("store: the list of classes is damaged: restore a backup");
    }

    @Test
    @DisplayName("is not ready from the moment that it is about to stop, and goes on until then")
    void leaves() {
        // when
        service.leave();

        // then
        assertThat(failedChecks()).containsExactly("intake: the service is stopping");
        deliver("cat", 1, 0);
    }
}
