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
    @DisplayName("holds the last state that was written, and nothing lies beside it")
    void holdsTheLastState() throws IOException {
        // given
        file.write(Checkpoints.sample());

        // when
        file.write(Checkpoints.sample());

        // then
        assertThat(file.read(Checkpoints.configuration("dream")))
                .usingRecursiveComparison()
                .isEqualTo(Checkpoints.sample());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file.path());
        }
    }

    @Test
    @DisplayName("of another configuration is refused, and the message names the first difference")
    void refusesOtherConfigurations() {
        // given
        file.write(Checkpoints.sample());

        // then
        assertThatThrownBy(() -> file.read(Checkpoints.configuration("idc")))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("the checkpoint " + file.path() + " is of another run (method is dream there, idc here): "
                        + "give the same settings and data, or begin a new run elsewhere");
    }

    @Test
    @DisplayName("that is not there is refused")
    void refusesAMissingFile() {
        assertThatThrownBy(() -> file.read(Checkpoints.configuration("dream")))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("there is no checkpoint " + file.path() + " to go on from: begin a new run");
    }

    @Test
    @DisplayName("that can't be read says so")
    void refusesAFolder() throws IOException {
        // given
        Files.createDirectory(file.path());

        // then
        assertThatThrownBy(() -> file.read(Checkpoints.configuration("dream")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("can't be read");
    }

    @Test
    @DisplayName("in a folder that is not there can't be written, and says so")
    void refusesAMissingFolder() {
        // given
        CheckpointFile nowhere = new CheckpointFile(folder.resolve("missing").resolve("checkpoint"));

        // then
        assertThatThrownBy(() -> nowhere.write(Checkpoints.sample()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("the checkpoint is not saved: ")
                .hasMessageContaining(nowhere.path().toString());
    }
}
