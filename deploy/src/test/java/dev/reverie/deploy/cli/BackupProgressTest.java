package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.backup.BackupStream;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreSnapshot;
import dev.reverie.deploy.backup.BackupFile;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.progress.RecordedView;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The commands for backups show")
class BackupProgressTest extends AbstractBackupCommandsTest {

    @Test
    @DisplayName("the steps before a backup is copied, and then how much was copied and verified")
    void showSteps() throws IOException {
        export();
        RecordedView view = new RecordedView();

        new BackupFile(folder.resolve("copy.backup")).receive(Files.newInputStream(file), view);

        assertThat(terminal.err()).startsWith("Exporting   0 %  opening the store, which verifies its rows");
        assertThat(view.shown().getFirst()).isEqualTo("waiting for the service, which verifies its rows");
        assertThat(view.shown())
                .anySatisfy(status -> assertThat(status).matches("copied 0\\.[0-9] of about 0\\.[0-9] MB"))
                .anySatisfy(status -> assertThat(status).matches("verified 0\\.[0-9] of about 0\\.[0-9] MB"));
        assertThat(view.fractions()).isSorted().endsWith(1.0);
    }

    @Test
    @DisplayName("how much of a store has been exported")
    void showExported() throws IOException {
        RecordedView view = new RecordedView();

        try (Store opened = Store.inFolder(store);
                StoreSnapshot rows = opened.snapshot();
                BackupStream backup = BackupStream.of(rows, Instant.EPOCH)) {
            new BackupFile(file).write(backup, rows.payloadBytes(), view);
        }

        assertThat(view.shown().getFirst()).matches("copied 0\\.[0-9] of about 0\\.[0-9] MB");
        assertThat(view.fractions()).isSorted().endsWith(1.0);
    }

    @Test
    @DisplayName("how much of a backup has been restored, and then how many rows of the store have been verified")
    void showRestored() throws IOException {
        export();
        RecordedView view = new RecordedView();

        new BackupFile(file).restoreInto(new StorePlace.Folder(folder.resolve("copy")), view);

        assertThat(view.shown().getFirst()).matches("copied 0\\.[0-9] of about 0\\.[0-9] MB");
        assertThat(view.shown()).contains("verified 1 of 15 rows").endsWith("verified 15 of 15 rows");
        assertThat(view.fractions()).isSorted().endsWith(1.0);
    }
}
