package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The file of a distilled set")
class DistilledSetFileTest {

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest(name = "factor {0}")
    @DisplayName("gives the same set whether it is packed or not")
    @ValueSource(ints = {1, 2})
    void sameSet(int factor) throws IOException {
        DistilledSet set = StoredSet.quantised(Bits.TWO, QuantisationTest.learned(factor));
        NpzFile.write(set, folder.resolve("synthetic.npz"));
        PackedNpzFile.write(set, folder.resolve("synthetic.packed.npz"));

        DistilledSet plain = DistilledSetFile.read(folder.resolve("synthetic.npz"));
        DistilledSet packed = DistilledSetFile.read(folder.resolve("synthetic.packed.npz"));

        assertThat(packed.images().toLevels()).isEqualTo(plain.images().toLevels());
        assertThat(packed.labels()).isEqualTo(plain.labels());
        assertThat(packed.parameters().toLevels()).isEqualTo(plain.parameters().toLevels());
        assertThat(packed.parameterLabels()).isEqualTo(plain.parameterLabels());
        assertThat(packed.factor()).isEqualTo(factor);
        assertThat(packed.storedBytes()).isEqualTo(set.storedBytes()).isLessThan(plain.storedBytes());
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
