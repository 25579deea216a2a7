package dev.reverie.deploy.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The progress of reading a dataset")
class LoadViewTest {

    private final List<String> shown = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    private final LoadView progress = new LoadView(
            new ProgressView() {
                @Override
                public void show(double fraction, String status) {
                    shown.add(Math.round(100 * fraction) + " %, " + status);
                }

                @Override
                public void note(String line) {
                    shown.add(line);
                }

                @Override
                public void close() {}
            },
            () -> now);

    @Test
    @DisplayName("estimates the time left from the images read since the first one")
    void estimates() {
        progress.read(1, 1001);

        now = now.plusSeconds(10);
        progress.read(201, 1001);

        assertThat(shown).containsExactly("20 %, 40s left, image 201/1,001");
    }

    @Test
    @DisplayName("shows how many files have been found, in thousands")
    void found() {
        for (int files = 1; files <= 2500; files++) {
            progress.found(files);
        }

        assertThat(shown).containsExactly("0 %, 1,000 files found", "0 %, 2,000 files found");
    }
}
