package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.actors.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The commands for backups refuse")
class BackupRefusalsTest extends AbstractBackupCommandsTest {

    /** Number of random damages that are tried. */
    private static final int DAMAGES = 200;

    @Test
    @DisplayName("a folder in place of a file, before they read anything")
    void refusesFolder() throws IOException {
        String target = Files.createDirectory(folder.resolve("backups")).toString();

        refuses("it is a folder; name a file in it", "backup --from http://127.0.0.1:9 --to ? --overwrite", target);
        refuses("it is a folder; name a file in it", "store export --store ? --to ? --overwrite", store, target);
    }

    @Test
    @DisplayName("a device in place of a file, which they would replace")
    void refusesDevice() {
        assumeThat(Path.of("/dev/null")).exists();

        refuses(
                "cannot write /dev/null: it is a device or a pipe; name a file",
                "store export --store ? --to /dev/null --overwrite",
                store);
    }

    @Test
    @DisplayName("to restore from a pipe or a device, which cannot be read twice")
    void refusesPipes() {
        assumeThat(Path.of("/dev/null")).exists();
        Path restored = folder.resolve("restored");

        refuses(
                "the backup /dev/null is a pipe or a device, which can be read only once: write the backup to"
                        + " a file first",
                "restore --from /dev/null --to ?",
                restored);
        assertThat(restored).doesNotExist();
    }

    @Test
    @DisplayName("to compact a store in PostgreSQL, which has no file")
    void compactsNoServer() {
        refuses(
                "a PostgreSQL server compacts its tables itself",
                "store compact --store jdbc:postgresql://localhost:5432/reverie");
    }

    @Test
    @DisplayName("a backup after each of 200 random damages, and change nothing")
    void refusesDamages() throws IOException {
        export();
        byte[] content = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(9);
        Path restored = folder.resolve("restored");
        for (int damage = 0; damage < DAMAGES; damage++) {
            byte[] damaged = damage % 4 == 0
                    ? Arrays.copyOf(content, random.nextInt(content.length))
                    : overwritten(content, random);
            Files.write(file, damaged);

            assertThat(terminal.run("store", "import", "--from", file.toString(), "--store", restored.toString()))
                    .as("damage %d", damage)
                    .isEqualTo(ExitCode.WRONG_INPUT);
            if (Files.exists(restored)) {
                assertThat(restored.toFile().list()).containsExactly("lock");
            }
        }
    }

    private static byte[] overwritten(byte[] content, SplittableRandom random) {
        byte[] damaged = content.clone();
        int from = random.nextInt(content.length);
        int to = Math.min(content.length, from + 1 + random.nextInt(300));
        while (Arrays.equals(damaged, content)) {
            byte[] noise = new byte[to - from];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, damaged, from, noise.length);
        }
        return damaged;
    }

    @Test
    @DisplayName("stores that are in use, missing or not empty, and change nothing")
    void refusesOtherStores() throws IOException {
        export();
        byte[] before = Files.readAllBytes(store.resolve("reverie.db"));

        Path none = folder.resolve("none");
        Path created = folder.resolve("new");
        Path database = store.resolve("reverie.db");
        refuses("contains a store already: name another folder", "restore --from ? --to ?", file, store);
        refuses("contains no store", "store compact --store ?", none);
        refuses("is not a backup of Reverie", "restore --from ? --to ?", database, created);
        refuses("does not exist", "restore --from ? --to ?", none, created);
        assertThat(none).doesNotExist();
        assertThat(database).hasBinaryContent(before);
        try (Store inUse = Store.inFolder(store)) {
            String reason = "the store " + inUse.name() + " is in use by another process";
            fails(reason, "store compact --store ?", store);
            fails(reason, "store export --store ? --to ?", store, folder.resolve("b"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql://localhost/reverie", "http://localhost:8080", "jdbc:sqlite:./store"})
    @DisplayName("the URL of anything but a PostgreSQL database")
    void refusesOtherUrls(String url) {
        export();
        refuses("write jdbc:postgresql://HOST:PORT/DATABASE", "restore --from ? --to ?", file, url);
    }
}
