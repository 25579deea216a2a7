package dev.reverie.gpu.coded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.synthetic.StoredSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The file of a distilled set")
class DistilledSetFileTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("gives the same set from arrays and from pictures that lose nothing, and counts what each stores")
    void sameSet() throws IOException {
        byte[] levels = new byte[3 * 6 * 6];
        ImageBatch images = ImageBatch.of(new ImageShape(1, 6, 6), levels);
        DistilledSet set = new StoredSet(
                        images,
                        List.of(0, 0, 1),
                        2,
                        new Normalisation(List.of(0.5), List.of(0.25)),
                        ClassList.of(List.of("a", "b")))
                .decoded();
        NpzFile.write(set, folder.resolve("synthetic.npz"));
        Path zip = folder.resolve("synthetic.zip");
        try (OutputStream out = Files.newOutputStream(zip)) {
            MemoryZip.write(set, Coding.LOSSLESS, out);
        }

        DistilledSetFile arrays = DistilledSetFile.read(folder.resolve("synthetic.npz"));
        DistilledSetFile pictures = DistilledSetFile.read(zip);

        assertThat(pictures.set().images().toLevels())
                .isEqualTo(arrays.set().images().toLevels());
        assertThat(pictures.set().labels()).isEqualTo(arrays.set().labels());
        assertThat(pictures.set().parameterLabels()).isEqualTo(arrays.set().parameterLabels());
        assertThat(pictures.set().factor()).isEqualTo(2);
        assertThat(arrays.storedBytes()).isEqualTo(levels.length);
        assertThat(pictures.storedBytes()).isPositive().isLessThan(Files.size(zip));
    }

    @Test
    @DisplayName("is refused by name if it is no NPZ file")
    void noArchive() throws IOException {
        Path file = Files.writeString(folder.resolve("synthetic.npz"), "text");

        assertThatThrownBy(() -> DistilledSetFile.read(file))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(file + " is not an NPZ file");
    }
}
