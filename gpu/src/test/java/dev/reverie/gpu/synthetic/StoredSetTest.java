package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.NpzFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The stored images of a set")
class StoredSetTest {

    private static final Path PYTHON_TESTS = Path.of("..", "clients", "python", "tests");

    @ParameterizedTest(name = "factor {0}")
    @DisplayName("decode class by class to the images and labels of the set, and floats decode to floats")
    @ValueSource(ints = {1, 2})
    void decode(int factor) {
        DistilledSet learned = QuantisationTest.learned(factor);

        DistilledSet decoded = StoredSet.of(learned).decoded();

        assertThat(decoded.images().dtype()).isEqualTo(Dtype.FLOAT32);
        assertThat(decoded.images().toArray()).isEqualTo(learned.images().toArray());
        assertThat(decoded.labels()).isEqualTo(learned.labels());
        assertThat(decoded.parameters()).isSameAs(learned.parameters());
        assertThat(decoded.parameterLabels()).isEqualTo(learned.parameterLabels());
        assertThat(decoded.factor()).isEqualTo(factor);
        assertThat(decoded.storesDecoded()).isEqualTo(factor == 1);
    }

    @ParameterizedTest(name = "factor {0}")
    @DisplayName("decode to the same bytes as by the Python client if the sides are no multiple of the factor")
    @ValueSource(ints = {2, 3})
    void sameBytes(int factor) {
        DistilledSet expected = NpzFile.read(PYTHON_TESTS.resolve("mosaic-" + factor + ".npz"));

        DistilledSet decoded = StoredSet.of(expected).decoded();

        assertThat(expected.factor()).isEqualTo(factor);
        assertThat(decoded.images().toLevels()).isEqualTo(expected.images().toLevels());
        assertThat(decoded.labels()).isEqualTo(expected.labels());
    }

    @Test
    @DisplayName("have one label each")
    void labels() {
        StoredSet set = StoredSet.of(QuantisationTest.learned(2));

        assertThatThrownBy(() ->
                        new StoredSet(set.images(), List.of(0, 1), set.factor(), set.normalisation(), set.classes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected one label per stored image, got 2 for 5 images");
    }

    @Test
    @DisplayName("have a factor of at least 1, and labels of the classes of the set")
    void factorAndClasses() {
        StoredSet set = StoredSet.of(QuantisationTest.learned(2));

        assertThatThrownBy(() -> new StoredSet(set.images(), set.labels(), 0, set.normalisation(), set.classes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a multi-formation factor must be at least 1, got 0");
        assertThatThrownBy(() -> new StoredSet(
                        set.images(),
                        set.labels(),
                        2,
                        set.normalisation(),
                        set.classes().below(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the label 1 is not the index of a class of the set");
    }
}
