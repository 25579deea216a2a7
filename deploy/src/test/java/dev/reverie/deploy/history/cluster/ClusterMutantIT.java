package dev.reverie.deploy.history.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A cluster whose database accepts obsolete rows")
class ClusterMutantIT {

    private static final int MAX_ROUNDS = 6;
    private static final long SEED = 32;

    @Test
    @DisplayName("is convicted when a node continues after others have taken over its classes")
    void convicted(@TempDir Path folder) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (PostgresServer server = PostgresServer.startedIn(Files.createDirectory(folder.resolve("postgres")))) {
            ClusterRounds rounds = new ClusterRounds(folder, server, SEED, ClusterMutantIT::dropTriggers);

            for (int round = 0; round < MAX_ROUNDS && rounds.violations().isEmpty(); round++) {
                rounds.run(List.of(ClusterFault.STOP_PAST_DOWNING));
            }

            assertThat(rounds.violations()).anyMatch(violation -> violation.contains("acknowledged samples were new"));
        }
    }

    private static void dropTriggers(String database) throws IOException {
        try (Connection connection = DriverManager.getConnection(database, PostgresServer.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER reverie_floor ON event_journal");
            statement.execute("DROP TRIGGER reverie_floor ON snapshot");
        } catch (SQLException failure) {
            throw new IOException(failure);
        }
    }
}
