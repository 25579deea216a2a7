package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Mosaics whose sides are no multiple of the factor")
class DecodedMosaicsTest {

    private static final Path PYTHON_TESTS = Path.of("..", "clients", "python", "tests");

    @ParameterizedTest(name = "factor {0}")
    @DisplayName("are decoded to the same bytes as by the Python client")
    @ValueSource(ints = {2, 3})
    void sameBytes(int factor) {
        DistilledSet expected = NpzFile.read(PYTHON_TESTS.resolve("mosaic-" + factor + ".npz"));

        DistilledSet decoded = StoredSet.of(expected).decoded();

        assertThat(expected.factor()).isEqualTo(factor);
        assertThat(decoded.images().toLevels()).isEqualTo(expected.images().toLevels());
        assertThat(decoded.labels()).isEqualTo(expected.labels());
    }
}
