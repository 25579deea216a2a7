package dev.reverie.deploy.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.progress.RecordedView;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The progress of verified rows")
class BackupProgressTest {

    private static final int ROWS = 1_000_000;

    private final RecordedView view = new RecordedView();

    private void read(BackupProgress progress) {
        for (int row = 1; row <= ROWS; row++) {
            progress.read(row, ROWS);
        }
    }

    @Test
    @DisplayName("is shown about a thousand times, up to the last row, in the second half of the bar")
    void isShown() {
        read(BackupProgress.ofRows(view, BackupProgress.Step.VERIFYING));

        assertThat(view.shown()).hasSizeBetween(1000, 1001).endsWith("verified 1,000,000 of 1,000,000 rows");
        assertThat(view.fractions()).isSorted().endsWith(1.0).allMatch(fraction -> fraction >= 0.5);
    }

    @Test
    @DisplayName("leaves the bar where it is before a backup is copied")
    void beforeCopying() {
        read(BackupProgress.ofRows(view, BackupProgress.Step.PREPARING));

        assertThat(view.fractions()).containsOnly(0.0);
    }
}
