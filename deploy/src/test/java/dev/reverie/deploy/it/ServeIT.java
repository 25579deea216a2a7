package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.client.DeliveryReceipt;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.client.Samples;
import dev.reverie.deploy.RandomSamples;
import dev.reverie.streams.http.BearerTokens;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The packaged service")
@Timeout(300)
class ServeIT {

    private static final int ROUNDS = Integer.getInteger("reverie.kill.rounds", 3);
    private static final int DELIVERY = 32;
    /** Number of deliveries after which both classes learn. */
    private static final int ENOUGH = 4;

    /** Prevents convergence, so that both classes still learn in the last round. */
    private static final List<String> WITHOUT_CONVERGENCE =
            List.of("env", "REVERIE_LEARNING_CONVERGENCE_PATIENCE=10000");

    private static final Pattern ADDRESS = Pattern.compile("listening on (\\S+)\\R");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Path folder = Path.of("");
    private List<String> arguments = List.of();

    @BeforeEach
    void begin(@TempDir Path temporary) {
        folder = temporary;
        arguments = List.of("serve", "--store", folder.resolve("store").toString(), "--port", "0");
    }

    @Test
    @DisplayName("starts without any configuration, and on SIGTERM saves everything and exits with 0")
    void endsInOrder() throws Exception {
        try (ReverieProcess first = serve();
                ReverieClient client = client(first)) {
            for (int number = 0; number < ENOUGH; number++) {
                client.deliver(delivery(number));
            }
            ServiceState.awaitLoops(client, 3);

            first.signal("TERM");

            ReverieProcess.Ended ended = first.await();
            assertThat(ended.exitCode()).as(ended.err()).isZero();
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err()).doesNotContain("WARNING");
            assertThat(ended.err().lines()).first().asString().endsWith(" starting: reading the configuration");
        }
        try (ReverieProcess second = serve();
                ReverieClient client = client(second)) {
            ServiceState.awaitReady(client);
            assertThat(client.status().samples()).isEqualTo(ENOUGH * DELIVERY);
            assertThat(client.status().innerLoops()).isGreaterThanOrEqualTo(3);
            assertThat(client.deliver(delivery(0))).isEqualTo(new DeliveryReceipt(0, DELIVERY));
        }
    }

    @Test
    @DisplayName("exits with 1 if the store or the port is in use, and with 2 if the configuration is invalid")
    void refuses() throws Exception {
        try (ReverieProcess first = serve()) {
            int port = URI.create(first.awaitLine(ADDRESS)).getPort();
            ReverieProcess.Ended second = ReverieProcess.run(folder, arguments);
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err()).contains("in use by another process").doesNotContain("\tat ");
            String other = folder.resolve("other").toString();
            ReverieProcess.Ended third =
                    ReverieProcess.run(folder, List.of("serve", "--store", other, "--port", Integer.toString(port)));
            assertThat(third.exitCode()).isEqualTo(1);
            assertThat(third.err())
                    .contains("cannot listen on 127.0.0.1:" + port)
                    .doesNotContain("\tat ");
        }
        ReverieProcess.Ended wrong = ReverieProcess.run(folder, List.of("serve", "--port", "70000", "--check"));
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("reverie.http.port").doesNotContain("\tat ");
    }

    @Test
    @DisplayName("says what to do if files in the temporary folder cannot be executed")
    void temporaryFolderWithoutExecution() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("noexec"));
        List<String> withMount = List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o noexec tmpfs \"$0\" && exec \"$@\"",
                mount.toString());
        assumeTrue(succeeds(withMount, "true"), "mounting requires root");
        List<String> wrapper = new ArrayList<>(withMount);
        wrapper.addAll(List.of("env", "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + mount));

        try (ReverieProcess service = ReverieProcess.start(folder, wrapper, arguments)) {
            ReverieProcess.Ended ended = service.await();

            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.err())
                    .contains("the library of SQLite cannot be loaded from the temporary folder " + mount
                            + ": set for example REVERIE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER")
                    .doesNotContain("\tat ");
        }
    }

    private static boolean succeeds(List<String> wrapper, String program) throws Exception {
        List<String> command = new ArrayList<>(wrapper);
        command.add(program);
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    @Test
    @DisplayName("reloads its tokens on SIGHUP, however often it arrives, and ends only on SIGTERM")
    void reloads() throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "read " + BearerTokens.digest("old"));
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        List<String> wrapper = List.of("env", "REVERIE_HTTP_TOKENS_FILE=" + tokens);
        try (ReverieProcess process = ReverieProcess.start(folder, wrapper, arguments)) {
            process.awaitLine(Pattern.compile("(opening the store)"));
            process.signal("HUP");
            URI address = URI.create(process.awaitLine(ADDRESS));

            Files.writeString(tokens, "read " + BearerTokens.digest("new"));
            process.signal("HUP");
            process.awaitLine(Pattern.compile("(reloaded the tokens)"));
            process.signal("HUP");

            try (ReverieClient before =
                            ReverieClient.builder(address).token("old").build();
                    ReverieClient after =
                            ReverieClient.builder(address).token("new").build()) {
                assertThatThrownBy(before::status).isInstanceOf(ReverieException.class);
                assertThat(after.status().samples()).isZero();
            }
            process.signal("TERM");
            process.signal("HUP");
            assertThat(process.await().exitCode()).isZero();
        }
    }

    @Test
    @DisplayName("logs as JSON on request, with the class in a separate field")
    void logsForPrograms() throws Exception {
        try (ReverieProcess process =
                        ReverieProcess.start(folder, List.of("env", "REVERIE_LOG_FORMAT=json"), arguments);
                ReverieClient client = client(process, Pattern.compile("listening on ([^\"\\s]+)\""))) {
            ServiceState.awaitReady(client);
            client.deliver(delivery(0));
            process.awaitLine(Pattern.compile("(\\{\"class\":\"even\"})"));
            process.signal("TERM");

            ReverieProcess.Ended ended = process.await();
            assertThat(ended.out()).isEmpty();
            List<String> lines = ended.err().lines().toList();
            for (String line : lines) {
                assertThat(JSON.readTree(line).get("formattedMessage").asText()).isNotBlank();
            }
            assertThat(lines.getLast()).contains("\"stopped\"");
        }
    }

    @Test
    @DisplayName("loses no acknowledged sample and counts none twice when it is killed while it learns")
    void survivesKills() throws Exception {
        assertThatKillsLoseNothing();
    }

    @Test
    @DisplayName("loses no acknowledged sample with a store on a PostgreSQL server")
    void survivesKillsOnAServer(@TempDir Path data) throws Exception {
        try (PostgresServer server = PostgresServer.startedIn(data)) {
            Path configuration = Files.writeString(
                    folder.resolve("postgres.conf"),
                    "reverie.store.postgres { url = \"%s\", user = \"%s\" }"
                            .formatted(server.newDatabase(), PostgresServer.USER));
            arguments = List.of("serve", "--config", configuration.toString(), "--port", "0");
            assertThatKillsLoseNothing();
        }
    }

    private void assertThatKillsLoseNothing() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        int acknowledged = 0;
        long loops = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (ReverieProcess victim = ReverieProcess.start(folder, WITHOUT_CONVERGENCE, arguments);
                    ReverieClient client = client(victim)) {
                ServiceState.awaitReady(client);
                assertThat(client.status().samples())
                        .as("samples in round %d of %s", round, client.classes())
                        .isBetween((long) acknowledged * DELIVERY, (acknowledged + 1L) * DELIVERY);
                assertThat(client.status().innerLoops()).isGreaterThanOrEqualTo(loops);
                assertThat(client.memory().isPresent()).isEqualTo(acknowledged > 0);
                for (int more = random.nextInt(ENOUGH, 40); more > 0; more--) {
                    client.deliver(delivery(acknowledged++));
                }
                loops = client.status().outerIterations() * 50;
                ServiceState.awaitLoops(client, client.status().innerLoops() + random.nextInt(1, 60));
                Samples pendingDeliveries = delivery(acknowledged);
                CompletableFuture<Void> unanswered =
                        CompletableFuture.runAsync(() -> deliverRegardless(client, pendingDeliveries));
                victim.kill();
                unanswered.join();
            }
        }
        try (ReverieProcess last = serve();
                ReverieClient client = client(last)) {
            ServiceState.awaitReady(client);
            for (int number = 0; number < acknowledged; number++) {
                assertThat(client.deliver(delivery(number))).isEqualTo(new DeliveryReceipt(0, DELIVERY));
            }
            client.deliver(delivery(acknowledged));
            assertThat(client.status().samples()).isEqualTo((acknowledged + 1L) * DELIVERY);
        }
    }

    private static void deliverRegardless(ReverieClient client, Samples samples) {
        try {
            client.deliver(samples);
        } catch (ReverieException expected) {
            // The service may or may not have stored this delivery; it finds out when the delivery is sent again.
        }
    }

    private ReverieProcess serve() throws Exception {
        return ReverieProcess.start(folder, arguments);
    }

    private static ReverieClient client(ReverieProcess process) throws Exception {
        return client(process, ADDRESS);
    }

    private static ReverieClient client(ReverieProcess process, Pattern address) throws Exception {
        return ReverieClient.builder(process.awaitLine(address).replace("\\/", "/"))
                .build();
    }

    private static Samples delivery(int number) {
        return RandomSamples.of(number, DELIVERY, List.of("even", "odd"));
    }
}
