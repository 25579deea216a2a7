package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.actors.telemetry.ClassMoves;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.ClusterView.ClusterStatus;
import dev.reverie.streams.service.ClusterView.ClusterStatus.Member;
import dev.reverie.streams.service.ClusterView.ClusterStatus.State;
import dev.reverie.streams.service.InMemoryService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The HTTP API for the nodes of a service")
class ClusterEndpointTest {

    private final InMemoryService service = new InMemoryService();

    @AutoClose
    private final Server server = Server.on(service);

    @Test
    @DisplayName("reports the nodes of a cluster, and which one answers")
    void cluster() {
        service.joined(new Nodes(new ClusterStatus(
                List.of(
                        new Member(Optional.of("one:17355"), State.UP, OptionalInt.of(4), true),
                        new Member(Optional.of("two:17355"), State.WEAKLY_UP, OptionalInt.empty(), false)),
                List.of("two:17355"),
                Map.of("one:17355", 4))));

        JsonNode status = Server.json(server.get("/v1/status"));

        assertThat(Server.json(server.get("/v1/cluster")))
                .hasToString("{\"members\":["
                        + "{\"address\":\"one:17355\",\"state\":\"up\",\"classes\":4,\"leader\":true},"
                        + "{\"address\":\"two:17355\",\"state\":\"weakly_up\",\"classes\":null,\"leader\":false}],"
                        + "\"unreachable\":[\"two:17355\"],\"shards\":{\"one:17355\":4}}");
        assertThat(status.path("node").asText()).isEqualTo("one:17355");
        assertThat(status.path("members").asInt()).isEqualTo(2);
    }

    @Test
    @DisplayName("reports a single process as the only member, without an address")
    void process() {
        server.deliver("dog", "cat");

        JsonNode status = Server.json(server.get("/v1/status"));

        assertThat(Server.json(server.get("/v1/cluster")))
                .hasToString("{\"members\":[{\"address\":null,\"state\":\"up\",\"classes\":2,\"leader\":true}],"
                        + "\"unreachable\":[],\"shards\":{}}");
        assertThat(status.path("node").isNull()).isTrue();
        assertThat(status.path("members").asInt()).isEqualTo(1);
        assertThat(status.path("classes").asInt()).isEqualTo(2);
    }

    /** The first of the nodes in a status. */
    private record Nodes(ClusterStatus seen) implements ClusterView {

        @Override
        public String node() {
            return seen.members().getFirst().address().orElseThrow();
        }

        @Override
        public int configured() {
            return 3;
        }

        @Override
        public int members() {
            return seen.members().size();
        }

        @Override
        public int unreachable() {
            return seen.unreachable().size();
        }

        @Override
        public ClassMoves moves() {
            return new ClassMoves(0, 0, 0, 0);
        }

        @Override
        public CompletionStage<ClusterStatus> status() {
            return CompletableFuture.completedStage(seen);
        }
    }
}
