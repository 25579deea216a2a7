package dev.reverie.deploy.history.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
        try (NodeNetwork network = NodeNetwork.loopback();
                PostgresServer server = PostgresServer.startedIn(Files.createDirectory(folder.resolve("postgres")))) {
            ClusterRounds rounds = new ClusterRounds(folder, network, server, SEED, JournalFloors::stopRejecting);

            for (int round = 0; round < MAX_ROUNDS && rounds.violations().isEmpty(); round++) {
                rounds.run(List.of(ClusterFault.STOP_PAST_DOWNING));
            }

            assertThat(rounds.violations()).anyMatch(violation -> violation.contains("acknowledged samples were new"));
        }
    }
}
