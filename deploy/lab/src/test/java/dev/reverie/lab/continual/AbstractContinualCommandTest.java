package dev.reverie.lab.continual;

import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.client.TestService;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.lab.LabCommands;
import dev.reverie.lab.service.ServiceUnderTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command on a small dataset, with a service that stores all that it receives. */
@Timeout(300)
abstract class AbstractContinualCommandTest {

    final List<DistillationSettings> started = new ArrayList<>();
    final List<OptionalInt> totals = new ArrayList<>();

    final CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open)
            .withCommands(LabCommands.with((settings, total, store) -> {
                started.add(settings);
                totals.add(total);
                Files.writeString(store.resolve("journal"), "rows");
                return new Started(TestService.start());
            }));

    record Started(TestService service) implements ServiceUnderTest {

        @Override
        public URI address() {
            return service.address();
        }

        @Override
        public void close() {
            service.close();
        }
    }

    String dataset = "";
    Path out;

    @BeforeEach
    void makeData(@TempDir Path folder) throws IOException {
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        out = folder.resolve("out");
    }

    int run(String... options) {
        return terminal.run(arguments(options));
    }

    String[] arguments(String... options) {
        List<String> arguments = new ArrayList<>(List.of("continual", "--dataset", dataset));
        arguments.addAll(List.of("--out", out.toString(), "--width", "4"));
        if (!List.of(options).contains("--epochs")) {
            arguments.addAll(List.of("--training-steps", "20"));
        }
        if (!List.of(options).contains("--steps")) {
            arguments.addAll(List.of("--steps", "2"));
        }
        if (Stream.of("--ipc", "--bytes-per-class", "--total-images").noneMatch(List.of(options)::contains)) {
            arguments.addAll(List.of("--ipc", "2"));
        }
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }
}
