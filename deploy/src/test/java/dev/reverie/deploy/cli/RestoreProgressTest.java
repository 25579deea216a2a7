package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.backup.BackupFile;
import dev.reverie.deploy.backup.StorePlace;
import dev.reverie.deploy.progress.ProgressView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The command that restores a backup shows")
class RestoreProgressTest extends AbstractBackupCommandsTest {

    @Test
    @DisplayName("how much of the backup has been copied, and then how many rows of the store have been verified")
    void showsSteps() throws IOException {
        // given
        export();
        List<String> shown = new ArrayList<>();
        List<Double> fractions = new ArrayList<>();
        ProgressView view = new ProgressView() {

            @Override
            public void show(double fraction, String status) {
                shown.add(status);
                fractions.add(fraction);
            }

            @Override
            public void note(String line) {}

            @Override
            public void close() {}
        };

        // when
        new BackupFile(file).restoreInto(new StorePlace.Folder(folder.resolve("copy")), view);

        // then
        assertThat(shown.getFirst()).matches("copied 0\\.[0-9] of about 0\\.[0-9] MB");
        assertThat(shown).contains("verified 1 of 15 rows").endsWith("verified 15 of 15 rows");
        assertThat(fractions).isSorted().endsWith(1.0);
    }
}
