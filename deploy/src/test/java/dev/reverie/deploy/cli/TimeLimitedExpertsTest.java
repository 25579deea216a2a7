package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.gpu.matching.MatchingEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The experts of tgdd")
class TimeLimitedExpertsTest {

    private final CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);

    @ParameterizedTest(name = "{0}: {1} epochs")
    @CsvSource({
        "--preset quick, 10",
        "--preset quick --time-limit 30s, 1",
        "--preset quick --time-limit 5m, 6",
        "--preset quick --time-limit 2h, 30",
        "--preset paper --time-limit 5m, 60",
    })
    @DisplayName("are trained for as many epochs as the time limit of a quick run allows")
    void fitTheTimeLimit(String options, int epochs, @TempDir Path folder) throws IOException {
        Path out = folder.resolve("out");
        List<String> arguments = new ArrayList<>(List.of(
                "distill",
                "--dataset",
                TinyImageFolder.writeTo(folder.resolve("data")),
                "--method",
                "tgdd",
                "--ipc",
                "2",
                "--width",
                "4",
                "--outer-iterations",
                "0",
                "--out",
                out.toString()));
        arguments.addAll(List.of(options.split(" ")));

        int exitCode = terminal.run(arguments.toArray(String[]::new));

        assertThat(exitCode).as(terminal.err()).isZero();
        JsonNode settings =
                new ObjectMapper().readTree(out.resolve("run.json").toFile()).at("/settings");
        assertThat(settings.at("/guidance/epochs").asInt()).isEqualTo(epochs);
        assertThat(settings.at("/schedule/warm_up_samples").asInt())
                .isEqualTo(epochs * settings.at("/guidance/epoch_samples").asInt());
    }
}
