package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.client.ClusterStatus;
import dev.reverie.client.ClusterStatus.Member;
import dev.reverie.client.ServiceStatus;
import dev.reverie.deploy.client.TestService;
import dev.reverie.deploy.client.ThreeNodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The command cluster status")
class ClusterStatusCommandTest {

    private final CapturedTerminal terminal = new CapturedTerminal();

    @Test
    @DisplayName("lists the nodes with their states, classes and shards, and says which are unreachable")
    void table() {
        try (TestService service = TestService.start()) {
            service.joined(new ThreeNodes());

            assertThat(status(service)).as(terminal.err()).isEqualTo(ExitCode.DONE);
        }

        assertThat(terminal.out().lines())
                .containsExactly(
                        "node          state      classes  shards",
                        "node-0:17355  up           1,200    1000  leader",
                        "node-1:17355  weakly_up        0       0",
                        "node-2:17355  up               ?       ?  unreachable",
                        "3 nodes, 1 of them unreachable");
    }

    @Test
    @DisplayName("shows addresses and states without characters that control the terminal")
    void untrusted() {
        Member member = new Member(Optional.of("node\u001b[2J"), "up\n", OptionalInt.empty(), false);

        assertThat(ClusterStatusCommand.lines(new ClusterStatus(List.of(member), List.of(), Map.of())))
                .element(1)
                .asString()
                .startsWith("node\\u001b[2J  up\\u000a");
    }

    @Test
    @DisplayName("tells what was refused in the last hour, without characters that control the terminal")
    void refusals() {
        ServiceStatus.Refusals group =
                new ServiceStatus.Refusals("http", "image-invalid", 2, Optional.of("cat\u001b"), "it is cut");

        assertThat(ClusterStatusCommand.line(group))
                .isEqualTo("2 samples refused in the last hour (http, image-invalid), the last one"
                        + " cat\\u001b: it is cut");
        assertThat(ClusterStatusCommand.line(
                        new ServiceStatus.Refusals("file", "passed-over", 1, Optional.of("a.txt"), "convert it")))
                .isEqualTo("1 file of the watched folder passed over: a.txt: convert it");
    }

    @Test
    @DisplayName("prints what the API answers as one line of JSON on request")
    void json() {
        try (TestService service = TestService.start()) {
            service.joined(new ThreeNodes());

            assertThat(status(service, "--json")).as(terminal.err()).isEqualTo(ExitCode.DONE);
        }

        assertThat(terminal.out().strip())
                .isEqualTo("{\"members\":["
                        + "{\"address\":\"node-0:17355\",\"state\":\"up\",\"classes\":1200,\"leader\":true},"
                        + "{\"address\":\"node-1:17355\",\"state\":\"weakly_up\",\"classes\":0,\"leader\":false},"
                        + "{\"address\":\"node-2:17355\",\"state\":\"up\",\"classes\":null,\"leader\":false}],"
                        + "\"unreachable\":[\"node-2:17355\"],\"shards\":{\"node-0:17355\":1000}}");
    }

    @Test
    @DisplayName("is refused by a service that is a single process")
    void process() {
        try (TestService service = TestService.start()) {
            assertThat(status(service)).isEqualTo(ExitCode.WRONG_INPUT);
        }

        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).contains("is a single process and no node of a cluster: name a node");
    }

    @Test
    @DisplayName("says so if nothing listens, or if the token lacks the role")
    void unusable() {
        try (TestService service = TestService.withTokens("ingest " + "0".repeat(64))) {
            assertThat(status(service)).isEqualTo(ExitCode.FAILED);
            assertThat(terminal.err()).contains("the service refused: ");
            service.stopListening();
            assertThat(status(service)).isEqualTo(ExitCode.FAILED);
            assertThat(terminal.err()).contains("no service answers at");
            service.listenAgain();
        }
    }

    private int status(TestService service, String... more) {
        String[] arguments = new String[4 + more.length];
        System.arraycopy(
                new String[] {"cluster", "status", "--to", service.address().toString()}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return terminal.run(arguments);
    }
}
