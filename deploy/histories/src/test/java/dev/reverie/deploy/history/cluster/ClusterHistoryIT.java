package dev.reverie.deploy.history.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The history of a cluster in which faults occur")
class ClusterHistoryIT {

    /** Rounds of a campaign; 0 for the few rounds of a normal build. */
    private static final int ROUNDS = Integer.getInteger("reverie.history.cluster.rounds", 0);

    private static final long SEED = Long.getLong("reverie.history.seed", 32);

    /** Part of the names of the faults of a campaign; empty for all. */
    private static final String ONLY = System.getProperty("reverie.history.only", "");

    private static final List<ClusterFault> FEW =
            List.of(ClusterFault.KILL, ClusterFault.SEPARATE_PAST_DOWNING, ClusterFault.ROLLING_UPGRADE);

    @Test
    @DisplayName("has an order of events that explains every answer, and no sample that is lost or counted twice")
    void explained(@TempDir Path folder) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (NodeNetwork network = network(folder);
                PostgresServer server = PostgresServer.startedIn(
                        Files.createDirectory(folder.resolve("postgres")), network.serverHost())) {
            ClusterRounds rounds = new ClusterRounds(folder, network, server, SEED, _ -> {});

            rounds.run(
                    ROUNDS == 0
                            ? FEW.stream().filter(network.faults()::contains).toList()
                            : campaign(network));

            System.out.print(rounds.summary());
            assertThat(rounds.violations()).isEmpty();
            assertThat(rounds.undecided()).isLessThanOrEqualTo(Math.max(1, ROUNDS / 10));
        }
    }

    private static NodeNetwork network(Path folder) {
        Optional<NamespaceNetwork> namespaces = NamespaceNetwork.create(folder);
        if (namespaces.isPresent()) {
            return namespaces.get();
        }
        System.out.println("left out: separated nodes, because this process cannot make network namespaces");
        return NodeNetwork.loopback();
    }

    /** The faults of a campaign, each as often as the others. */
    private static List<ClusterFault> campaign(NodeNetwork network) {
        List<ClusterFault> shuffled = new ArrayList<>(network.faults().stream()
                .filter(fault -> fault.name().contains(ONLY))
                .toList());
        assertThat(shuffled)
                .as("faults named by reverie.history.only: %s", ONLY)
                .isNotEmpty();
        Collections.shuffle(shuffled, new Random(SEED));
        return IntStream.range(0, ROUNDS)
                .mapToObj(i -> shuffled.get(i % shuffled.size()))
                .toList();
    }
}
