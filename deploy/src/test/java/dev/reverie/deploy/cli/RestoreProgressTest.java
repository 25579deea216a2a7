package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.backup.BackupFile;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.progress.RecordedView;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The command that restores a backup shows")
class RestoreProgressTest extends AbstractBackupCommandsTest {

    @Test
    @DisplayName("how much of the backup has been copied, and then how many rows of the store have been verified")
    void showsSteps() throws IOException {
        export();
        RecordedView view = new RecordedView();

        new BackupFile(file).restoreInto(new StorePlace.Folder(folder.resolve("copy")), view);

        assertThat(view.shown().getFirst()).matches("copied 0\\.[0-9] of about 0\\.[0-9] MB");
        assertThat(view.shown()).contains("verified 1 of 15 rows").endsWith("verified 15 of 15 rows");
        assertThat(view.fractions()).isSorted().endsWith(1.0);
    }
}
