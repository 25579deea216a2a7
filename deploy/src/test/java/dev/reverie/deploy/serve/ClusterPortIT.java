package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.PostgresServer;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A node of a cluster")
@Timeout(120)
class ClusterPortIT {

    @Test
    @DisplayName("does not start on a port that is in use, and says so in one sentence without an exception's name")
    void portInUse(@TempDir Path folder) throws Exception {
        try (PostgresServer server = PostgresServer.startedIn(folder);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Map<String, String> settings = Map.of(
                    "reverie.store.postgres.url",
                    server.newDatabase(),
                    "reverie.store.postgres.user",
                    PostgresServer.USER,
                    "reverie.cluster.enabled",
                    "true",
                    "reverie.cluster.port",
                    port,
                    "reverie.cluster.seeds",
                    "127.0.0.1:" + port,
                    "reverie.cluster.members",
                    "1");

            assertThatThrownBy(() -> LocalService.start(folder.resolve("store"), settings))
                    .isInstanceOf(UncheckedIOException.class)
                    .cause()
                    .hasMessageMatching("cannot listen on port " + port
                            + " for the other nodes \\([^)]*Address already in use\\): choose another"
                            + " reverie\\.cluster\\.port, .*")
                    .hasMessageNotContaining("Exception");
        }
    }
}
