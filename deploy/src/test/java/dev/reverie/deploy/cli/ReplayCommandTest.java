package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.client.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("replay")
@Timeout(60)
class ReplayCommandTest {

    @AutoClose
    private final TestService service = TestService.start();

    private final CapturedTerminal terminal = new CapturedTerminal();
    private String dataset = "";
    private Path folder;

    @BeforeEach
    void makeData(@TempDir Path directory) throws IOException {
        folder = directory;
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
    }

    @Test
    @DisplayName("prints the totals as one JSON object")
    void json() throws IOException {
        succeeds("--batch", "16", "--limit", "10", "--class-order", "upper", "--json");

        JsonNode totals = terminal.json();
        assertThat(totals.get("ending").asText()).isEqualTo("completed");
        assertThat(totals.get("total").intValue()).isEqualTo(10);
        assertThat(totals.get("sent").intValue()).isEqualTo(10);
        assertThat(totals.get("accepted").intValue()).isEqualTo(10);
        assertThat(totals.get("duplicates").intValue()).isZero();
        assertThat(totals.get("refused").intValue()).isZero();
        assertThat(totals.get("retried").intValue()).isZero();
        assertThat(totals.has("failure")).isFalse();
        assertThat(service.arrived()).hasSize(10).allSatisfy(sample -> assertThat(sample.label())
                .isEqualTo("upper"));
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    @DisplayName("shows its progress and prints the totals in a sentence")
    void sentence() {
        succeeds();

        assertThat(terminal.out()).startsWith("42 of 42 images sent in ").contains(": 42 accepted, 0 duplicates, 0 re");
        assertThat(terminal.err()).contains("Replaying 100 %  0s left, 42/42 images, 42 accepted, 0 duplicates");
    }

    @Test
    @DisplayName("fails with the totals and the reason if the service refuses a delivery")
    void refused() {
        service.answerNext(new DeliveryOutcome.Refused(DeliveryOutcome.Reason.QUOTA, "the class 'upper' is sealed"));

        assertThat(run("--json", "--resize", "8x8")).isEqualTo(ExitCode.FAILED);

        assertThat(terminal.out()).contains("\"ending\":\"failed\"", "\"refused\":42");
        assertThat(terminal.err()).isEqualTo("reverie: the service refused: the class 'upper' is sealed.\n");
    }

    @Test
    @DisplayName("sends all other pictures as they are without --resize, names a refused one, and fails")
    void refusedPicture() throws IOException {
        Path damaged = Files.writeString(folder.resolve("data/train/upper/0.png"), "no picture");

        assertThat(run("--json")).isEqualTo(ExitCode.FAILED);

        assertThat(terminal.out()).contains("\"ending\":\"completed\"", "\"accepted\":41", "\"refused\":1,");
        assertThat(terminal.err())
                .startsWith(damaged + ": the service refused: the body is no picture in a known format")
                .hasLineCount(1);
    }

    @Test
    @DisplayName("says what to do if no service answers")
    void notThere() {
        service.stopListening();

        assertThat(run("--json")).isEqualTo(ExitCode.FAILED);
        service.listenAgain();

        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err())
                .isEqualTo("reverie: no service answers at " + service.address()
                        + ": start one with 'reverie serve', or correct the address.\n");
    }

    @Test
    @DisplayName("accepts an address without http://")
    void addressWithoutScheme() {
        String address = service.address().getHost() + ":" + service.address().getPort();

        terminal.succeeds("replay", "--dataset", dataset, "--to", address);
        assertThat(terminal.out()).contains(": 42 accepted");
    }

    @Test
    @DisplayName("explains why an address is invalid")
    void wrongAddress() {
        assertThat(terminal.run("replay", "--dataset", dataset, "--to", "ftp://127.0.0.1"))
                .isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err())
                .contains(
                        "'ftp://127.0.0.1' is not the address of a service", "write for example http://localhost:8080")
                .hasLineCount(1);
    }

    @Test
    @DisplayName("reads its token from a file")
    void tokenFile() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "foo\n");
        String digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"; // of foo
        try (TestService guarded = TestService.withTokens("ingest " + digest)) {
            String to = guarded.address().toString();
            terminal.succeeds("replay", "--dataset", dataset, "--to", to, "--token-file", file.toString());
            assertThat(terminal.run("replay", "--dataset", dataset, "--to", to)).isEqualTo(ExitCode.FAILED);
        }
    }

    @Test
    @DisplayName("names a token file that is empty, or has a second line, before it sends anything")
    void wrongTokenFile() throws IOException {
        for (String content : List.of("", "foo\nbar\n")) {
            Path file = Files.writeString(folder.resolve("token"), content);

            refuses("the token file " + file + " contains no token", "--token-file", file.toString());
        }
        assertThat(service.arrived()).isEmpty();
    }

    @Test
    @DisplayName("rejects wrong input before it sends anything")
    void wrongInput() {
        refuses("--rate is the number of images per second, above 0 and at most 1000000, not 0.0", "--rate", "0");
        refuses("--batch must be from 1 to 4096, not 0", "--batch", "0");
        refuses("'shoe' is not one of lower, upper", "--class-order", "shoe");
        refuses("mutually exclusive", "--token", "a", "--token-file", "b");
        refuses("a token is one line", "--token", "a b");
        assertThat(service.arrived()).isEmpty();
    }

    private void refuses(String message, String... options) {
        CapturedTerminal refusing = new CapturedTerminal();
        assertThat(refusing.run(arguments(options))).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(refusing.err()).startsWith("reverie: ").contains(message).hasLineCount(1);
        assertThat(refusing.out()).isEmpty();
    }

    private void succeeds(String... options) {
        terminal.succeeds(arguments(options));
    }

    private int run(String... options) {
        return terminal.run(arguments(options));
    }

    private String[] arguments(String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "replay", "--dataset", dataset, "--to", service.address().toString()));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }
}
