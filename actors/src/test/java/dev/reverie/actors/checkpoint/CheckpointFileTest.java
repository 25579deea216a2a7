package dev.reverie.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A checkpoint file")
class CheckpointFileTest {

    private final Path folder;
    private final CheckpointFile file;

    CheckpointFileTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = new CheckpointFile(folder.resolve("checkpoint"));
    }

    @Test
    @DisplayName("holds the last checkpoint that was written, and leaves no other file")
    void holdsTheLastCheckpoint() throws IOException {
        file.write(Checkpoints.sample(0.25));

        file.write(Checkpoints.sample());

        assertThat(file.read(Checkpoints.fingerprint("dream")))
                .usingRecursiveComparison()
                .isEqualTo(Checkpoints.sample());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file.path());
        }
    }

    @Test
    @DisplayName("with another fingerprint is refused, and the message names the first difference")
    void refusesOtherFingerprints() {
        file.write(Checkpoints.sample());

        assertThatThrownBy(() -> file.read(Checkpoints.fingerprint("idc")))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("the checkpoint " + file.path() + " is of another run (method: dream there, idc here); "
                        + "use the same data and options, including --time-limit, or start a new run in another"
                        + " folder with --out");
    }

    @Test
    @DisplayName("that does not exist is refused")
    void refusesAMissingFile() {
        assertThatThrownBy(() -> file.read(Checkpoints.fingerprint("dream")))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("the checkpoint " + file.path() + " does not exist; omit --resume to start a new run");
    }

    @Test
    @DisplayName("that cannot be read is reported")
    void refusesAFolder() throws IOException {
        Files.createDirectory(file.path());

        assertThatThrownBy(() -> file.read(Checkpoints.fingerprint("dream")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    @DisplayName("in a folder that does not exist cannot be written")
    void refusesAMissingFolder() {
        CheckpointFile nowhere = new CheckpointFile(folder.resolve("missing").resolve("checkpoint"));

        assertThatThrownBy(() -> nowhere.write(Checkpoints.sample()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("the checkpoint could not be saved: ")
                .hasMessageContaining(nowhere.path().toString());
    }
}
