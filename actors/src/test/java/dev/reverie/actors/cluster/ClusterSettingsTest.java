package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.cluster.ClusterSettings.ClusterTls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The settings of a node")
class ClusterSettingsTest {

    private static final Optional<ClusterTls> TLS =
            Optional.of(new ClusterTls(Path.of("node.crt"), Path.of("node.key"), Path.of("authority.crt")));

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({"1, 1", "2, 2", "2, 3", "3, 4", "3, 5", "501, 1000"})
    @DisplayName("know how many nodes are a majority")
    void majority(int majority, int members) {
        assertThat(new ClusterSettings(
                                "127.0.0.1", 1, Optional.empty(), List.of("127.0.0.1:1"), members, Optional.empty())
                        .majority())
                .isEqualTo(majority);
    }

    @Test
    @DisplayName("tell users of two nodes, and only these, that both can stop")
    void advice() {
        assertThat(loopback(2).advice()).get().asString().contains("run 3 or more nodes");
        assertThat(loopback(1).advice()).isEmpty();
        assertThat(loopback(3).advice()).isEmpty();
    }

    @Test
    @DisplayName("are accepted without TLS on loopback addresses, and with TLS on all others")
    void safe() {
        assertThat(new ClusterSettings(
                                "localhost",
                                17355,
                                Optional.of("127.0.0.1"),
                                List.of("localhost:17355", "127.1.2.3:1"),
                                3,
                                Optional.empty())
                        .address())
                .isEqualTo("localhost:17355");
        assertThat(new ClusterSettings(
                                "node-0.nodes", 65535, Optional.of("10.0.0.7"), List.of("10.0.0.1:65535"), 3, TLS)
                        .address())
                .isEqualTo("node-0.nodes:65535");
    }

    @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "a host     | 1     | 127.0.0.1:1             | 3    | host must be a host name or an IPv4 address",
                "::1        | 1     | 127.0.0.1:1             | 3    | host must be a host name or an IPv4 address",
                "node_1     | 1     | 127.0.0.1:1             | 3    | host must be an IPv4 address, or a name with",
                "a..b       | 1     | 127.0.0.1:1             | 3    | the last begins with a letter, got a..b",
                "127.0.0.1  | 1     | node.1:1                | 3    | the host of a seed must be an IPv4 address, or",
                "0.0.0.0    | 1     | 127.0.0.1:1             | 3    | host must be an address under which the other",
                "127.0.0.1  | 1     | 0.0.0.0:1               | 3    | the host of a seed must be an address under",
                "127.0.0.1  | 0     | 127.0.0.1:1             | 3    | port must be 1 to 65535, got 0",
                "127.0.0.1  | 65536 | 127.0.0.1:1             | 3    | port must be 1 to 65535, got 65536",
                "127.0.0.1  | 1     | none                    | 3    | seeds must name one or more nodes",
                "127.0.0.1  | 1     | 127.0.0.1               | 3    | must have the form host:port, got 127.0.0.1",
                "127.0.0.1  | 1     | 127.0.0.1:99999         | 3    | the port of a seed must be 1 to 65535",
                "127.0.0.1  | 1     | 127.0.0.1:1 127.0.0.1:1 | 3    | seeds must name each node once",
                "127.0.0.1  | 1     | 127.0.0.1:1 127.0.0.1:2 | 1    | set members to the number of nodes",
                "127.0.0.1  | 1     | 127.0.0.1:1             | 0    | members must be the number of nodes",
                "127.0.0.1  | 1     | 127.0.0.1:1             | 1001 | members must be the number of nodes",
                "10.0.0.1   | 1     | 127.0.0.1:1             | 3    | whoever reaches 10.0.0.1 could join",
                "127.0.0.1  | 1     | far:1                   | 3    | whoever reaches far could join",
                "127.evil.x | 1     | 127.0.0.1:1             | 3    | whoever reaches 127.evil.x could join",
            })
    @DisplayName("are refused with what to do")
    void refused(String host, int port, @Nullable String seeds, int members, String message) {
        List<String> all = seeds == null ? List.of() : List.of(seeds.split(" ", -1));

        assertThatThrownBy(() -> new ClusterSettings(host, port, Optional.empty(), all, members, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "an address | bind-host must be a host name or an IPv4 address, got an address",
                "[::]       | bind-host must be a host name or an IPv4 address, got [::]",
                "0.0.0.0    | whoever reaches 0.0.0.0 could join",
            })
    @DisplayName("are refused if the node cannot listen there, or must not without TLS")
    void refusedBindHost(String bindHost, String message) {
        List<String> seeds = List.of("127.0.0.1:1");

        assertThatThrownBy(() -> new ClusterSettings("127.0.0.1", 1, Optional.of(bindHost), seeds, 3, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static ClusterSettings loopback(int members) {
        return new ClusterSettings(
                "127.0.0.1", 17355, Optional.empty(), List.of("127.0.0.1:17355"), members, Optional.empty());
    }
}
