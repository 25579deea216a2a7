package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pause after a scan of a folder")
class ScanPauseTest {

    private long nanos;
    private final ScanPause pause = new ScanPause(() -> nanos);

    @Test
    @DisplayName("is five times as long as the scan, without the time in which files were delivered")
    void inProportion() throws IOException {
        scanFor(Duration.ofSeconds(2));
        nanos += Duration.ofMinutes(1).toNanos();
        scanFor(Duration.ofSeconds(3));

        assertThat(pause.length()).isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    @DisplayName("counts a step that fails")
    void failedStep() {
        assertThatThrownBy(() -> pause.timed(() -> {
                    nanos += Duration.ofSeconds(2).toNanos();
                    throw new IOException("the drive is away");
                }))
                .isInstanceOf(IOException.class);

        assertThat(pause.length()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("is never longer than five minutes")
    void limited() throws IOException {
        scanFor(Duration.ofHours(1));

        assertThat(pause.length()).isEqualTo(Duration.ofMinutes(5));
    }

    private void scanFor(Duration time) throws IOException {
        String found = pause.timed(() -> {
            nanos += time.toNanos();
            return "file";
        });
        assertThat(found).isEqualTo("file");
    }
}
