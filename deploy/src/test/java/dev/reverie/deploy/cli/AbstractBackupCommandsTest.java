package dev.reverie.deploy.cli;

import static dev.reverie.deploy.cli.CapturedTerminal.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.registry.RegistryRows;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreLoader;
import dev.reverie.actors.store.StoredRow;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands on a store with two classes, and captures their output. */
@Timeout(120)
abstract class AbstractBackupCommandsTest {

    final CapturedTerminal terminal = new CapturedTerminal();
    Path folder;
    Path store;
    Path file;

    @BeforeEach
    void makeStore(@TempDir Path temporary) {
        folder = temporary;
        store = folder.resolve("store");
        file = folder.resolve("my.backup");
        SplittableRandom random = new SplittableRandom(3);
        try (Store filled = Store.inFolder(store);
                StoreLoader loader = filled.load()) {
            for (int index = 0; index < 2; index++) {
                String owner = "class|" + index;
                loader.add(new StoredRow.Snapshot(owner, 1, 5, 52_837, "class-state:1", payload(random)));
                for (int number = 2; number < 8; number++) {
                    loader.add(new StoredRow.Event(
                            owner, number, false, "w", 5, "", 52_837, "samples-admitted:1", payload(random)));
                }
            }
            loader.add(RegistryRows.registering("cat", "dog"));
            loader.commit();
        }
    }

    private static ByteString payload(SplittableRandom random) {
        byte[] payload = new byte[5_000];
        random.nextBytes(payload);
        return ByteString.fromArray(payload);
    }

    void export() {
        succeeds("store export --store ? --to ?", store, file);
    }

    /** Runs a command with these paths in place of its question marks. */
    void succeeds(String command, Object... paths) {
        terminal.succeeds(arguments(command, paths));
    }

    void refuses(String reason, String command, Object... paths) {
        terminal.refuses(reason, arguments(command, paths));
    }

    /** Runs a command that finds its input right, but fails. */
    void fails(String reason, String command, Object... paths) {
        assertThat(terminal.run(arguments(command, paths))).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains(reason);
    }

    private static String[] arguments(String command, Object... paths) {
        Iterator<Object> next = List.of(paths).iterator();
        return Stream.of(words(command))
                .map(word -> word.equals("?") ? next.next().toString() : word)
                .toArray(String[]::new);
    }
}
