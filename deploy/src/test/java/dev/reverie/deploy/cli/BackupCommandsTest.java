package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.Store;
import dev.reverie.deploy.client.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The commands for backups")
class BackupCommandsTest extends AbstractBackupCommandsTest {

    private static final String CONTENT = "2 classes as of \\S+Z \\(13 events, 2 snapshots, 0.1 MB\\)";

    @Test
    @DisplayName("export a store and restore it into a new folder, with all its rows")
    void exportAndRestore() throws IOException {
        export();
        Path restored = folder.resolve("restored");
        Path again = folder.resolve("again.backup");
        succeeds("restore --from ? --to ?", file, restored);
        succeeds("store export --store ? --to ?", restored, again);

        assertThat(terminal.out()).containsPattern("my.backup: " + CONTENT).containsPattern("Restored " + CONTENT);
        assertThat(afterTime(again)).isEqualTo(afterTime(file));
    }

    /** The content of a backup without its header, which contains the time. */
    private static byte[] afterTime(Path backup) throws IOException {
        byte[] bytes = Files.readAllBytes(backup);
        return Arrays.copyOfRange(bytes, 60, bytes.length);
    }

    @Test
    @DisplayName("take a backup of a running service, and replace a file only if told to")
    void backup() throws IOException {
        export();
        byte[] content = Files.readAllBytes(file);
        Path target = folder.resolve("online.backup");
        try (TestService service = TestService.start()) {
            service.backupWith(content);
            succeeds("backup --from ? --to ?", service.address(), target);
            assertThat(target).hasBinaryContent(content);
            refuses(
                    "already exists: name another file, or add --overwrite",
                    "backup --from ? --to ?",
                    service.address(),
                    target);

            service.backupWith(Arrays.copyOf(content, content.length - 1));
            fails("has lost its end", "backup --from ? --to ? --overwrite", service.address(), target);
            assertThat(target).hasBinaryContent(content);
        }
        try (TestService busy = TestService.start()) {
            fails(
                    "the service is busy: another backup is running",
                    "backup --from ? --to ? --overwrite",
                    busy.address(),
                    target);
        }
    }

    @Test
    @DisplayName("write files that only their owner can read")
    void writesPrivately() throws IOException {
        export();
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    @DisplayName("shrink the file of a store, which keeps its rows")
    void compact() throws IOException {
        export();
        try (Store grown = Store.inFolder(store)) {
            grown.erase("class|0").toCompletableFuture().join();
        }

        succeeds("store compact --store ?", store);

        assertThat(terminal.out()).containsPattern("store: \\d+\\.\\d MB before, 0\\.\\d MB now");
        assertThat(Files.size(store.resolve("reverie.db"))).isLessThan(100_000);
        succeeds("store export --store ? --to ? --overwrite", store, file);
        assertThat(terminal.out()).contains("1 class as of");
    }
}
