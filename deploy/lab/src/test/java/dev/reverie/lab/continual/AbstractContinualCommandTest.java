package dev.reverie.lab.continual;

import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.client.TestService;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.lab.LabCommands;
import dev.reverie.lab.run.TemporaryService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command on a small dataset, with a service that stores all that it receives. */
@Timeout(300)
abstract class AbstractContinualCommandTest {

    final List<DistillationSettings> started = new ArrayList<>();
    final List<Map<String, String>> memories = new ArrayList<>();

    final CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open)
            .withCommands(LabCommands.with((settings, changed, store) -> {
                started.add(settings);
                memories.add(changed);
                Files.writeString(store.resolve("journal"), "rows");
                return started();
            }));

    static TemporaryService started() {
        TestService service = TestService.start();
        return new TemporaryService(service.address(), service::close);
    }

    String dataset = "";
    Path out;

    @BeforeEach
    void makeData(@TempDir Path folder) throws IOException {
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        out = folder.resolve("out");
    }

    int run(String options) {
        return terminal.run(arguments(options));
    }

    String[] arguments(String options) {
        String usual = Stream.of("--training-steps 20", "--steps 2", "--ipc 2")
                .filter(option -> !isReplaced(option.split(" ")[0], options))
                .collect(Collectors.joining(" "));
        return ("continual --dataset " + dataset + " --out " + out + " --width 4 " + usual + " " + options)
                .strip()
                .split(" +");
    }

    private static boolean isReplaced(String option, String options) {
        List<String> given = List.of(options.split(" "));
        return switch (option) {
            case "--training-steps" -> given.contains("--epochs");
            case "--ipc" ->
                given.contains(option) || options.contains("--bytes-per-class") || options.contains("--total-images");
            default -> given.contains(option);
        };
    }
}
