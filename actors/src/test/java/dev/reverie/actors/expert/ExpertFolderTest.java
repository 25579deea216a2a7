package dev.reverie.actors.expert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.gpu.dataset.DatasetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder of experts")
class ExpertFolderTest {

    private static final List<List<float[]>> EXPERT = List.of(
            List.of(new float[] {1, -2.5f}, new float[] {Float.MIN_VALUE}),
            List.of(new float[] {3, 0.25f}, new float[] {-0f}));

    private final Path folder;
    private final ExpertFolder experts;

    ExpertFolderTest(@TempDir Path temporary) {
        this.folder = temporary.resolve("experts");
        this.experts = of("width 32", 7);
    }

    private ExpertFolder of(String network, long seed) {
        RunFingerprint fingerprint = new RunFingerprint(Map.of("dataset", "später", "network", network));
        return new ExpertFolder(folder, fingerprint, seed);
    }

    @Test
    @DisplayName("returns each epoch of an expert with the same bits")
    void storesExperts() {
        assertThat(experts.has(3)).isFalse();

        experts.put(3, EXPERT);

        assertThat(experts.has(3)).isTrue();
        for (int epoch = 0; epoch < EXPERT.size(); epoch++) {
            assertThat(experts.epoch(3, epoch))
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(EXPERT.get(epoch));
        }
        assertThat(folder.resolve("expert-003.npz")).exists();
    }

    @Test
    @DisplayName("fits runs with another seed, but not with another network")
    void fitsOtherSeeds() {
        experts.put(0, EXPERT);

        assertThatCode(() -> of("width 32", 8).requireFitting(5)).doesNotThrowAnyException();
        assertThatThrownBy(() -> of("width 64", 7).requireFitting(5))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("expert-000.npz does not fit this run (network: width 32 there, width 64 here)")
                .hasMessageEndingWith("use the same data and settings, or name another folder with --experts");
    }

    @Test
    @DisplayName("refuses an incomplete file and a file of another kind")
    void refusesBadFiles() throws IOException {
        experts.put(0, EXPERT);
        Path file = folder.resolve("expert-000.npz");
        byte[] whole = Files.readAllBytes(file);

        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> experts.requireFitting(1))
                .isInstanceOf(DatasetException.class)
                .hasMessageEndingWith("expert-000.npz is not a trajectory file, or is truncated: delete it");
        Files.writeString(file, "no expert");
        assertThatThrownBy(() -> experts.requireFitting(1))
                .isInstanceOf(DatasetException.class)
                .hasMessageEndingWith("expert-000.npz is not a trajectory file, or is truncated: delete it");
    }

    @Test
    @DisplayName("reports an epoch that is damaged or missing")
    void detectsDamage() throws IOException {
        experts.put(0, EXPERT);
        Path file = folder.resolve("expert-000.npz");
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("epoch_1.npy");
        bytes[at + "epoch_1.npy".length() + 130] ^= 1;
        Files.write(file, bytes);

        assertThat(experts.epoch(0, 0)).hasSize(2);
        assertThatThrownBy(() -> experts.epoch(0, 1))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("the array 'epoch_1' of")
                .hasMessageContaining("is damaged");
        assertThatThrownBy(() -> experts.epoch(0, 2))
                .isInstanceOf(DatasetException.class)
                .hasMessageEndingWith("expert-000.npz is not a trajectory file: move it elsewhere");
    }

    @Test
    @DisplayName("reports that it cannot be written, and leaves no incomplete file")
    void cannotBeWritten() throws IOException {
        Path inTheWay = Files.createDirectories(folder.resolve("expert-000.npz").resolve("in the way"));

        assertThatThrownBy(() -> experts.put(0, EXPERT))
                .isInstanceOf(DistillationException.class)
                .hasMessageStartingWith("an expert could not be saved: ")
                .hasMessageEndingWith("; free some disk space or choose another folder with --experts");
        assertThat(folder).isDirectoryContaining("glob:**expert-000.npz");
        assertThat(folder.toFile().list()).containsExactly("expert-000.npz");
        assertThat(inTheWay).exists();
    }

    @Test
    @DisplayName("refuses a resumed run whose experts are gone, and names the first one")
    void refusesMissingExperts() {
        experts.put(0, EXPERT);
        experts.put(2, EXPERT);

        assertThatCode(() -> experts.requireTrained(1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> experts.requireTrained(3))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("lacks expert 1")
                .hasMessageContaining("name the folder of its experts with --experts");
    }
}
