package dev.reverie.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The queries to the brokers")
class BrokerQueriesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Nothing listens there. */
    private static final KafkaSettings SETTINGS = KafkaSettings.of("127.0.0.1:1", "topic", "ours", "dead-letters");

    private final List<Admin> clients = new ArrayList<>();

    @Test
    @DisplayName("use a new client after one has failed, and close the failed one")
    void replaceTheClient() {
        try (BrokerQueries queries = new BrokerQueries(this::client, SETTINGS)) {
            assertThat(lag(queries)).failsWithin(PATIENCE);
            assertThat(lag(queries)).failsWithin(PATIENCE);
        }

        assertThat(clients).hasSize(2);
        for (Admin client : clients) {
            assertThatThrownBy(() -> client.describeCluster().nodes().get()).hasStackTraceContaining("closing");
        }
    }

    @Test
    @DisplayName("fail, but do not throw, if no client can be opened")
    void noClient() {
        BrokerQueries queries = new BrokerQueries(
                () -> {
                    throw new IllegalStateException("too many open files");
                },
                SETTINGS);

        assertThat(lag(queries)).failsWithin(PATIENCE);
    }

    private static CompletableFuture<?> lag(BrokerQueries queries) {
        return queries.lag(Set.of()).toCompletableFuture();
    }

    private Admin client() {
        Admin client = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, SETTINGS.servers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "100",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "100"));
        clients.add(client);
        return client;
    }
}
