package dev.reverie.lab.continual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The protocol of a continual experiment")
class ProtocolTest {

    @ParameterizedTest(name = "seed {0}: {1}")
    @CsvSource({
        "0, '2, 8, 4, 9, 1, 6, 7, 3, 0, 5'",
        "1, '2, 9, 6, 4, 0, 3, 1, 7, 8, 5'",
        "2, '4, 1, 5, 0, 7, 2, 3, 6, 9, 8'",
        "2147483647, '4, 5, 2, 6, 3, 1, 7, 0, 8, 9'"
    })
    @DisplayName("draws the same order as NumPy's RandomState(seed).permutation(10)")
    void asNumpyDraws(long seed, String order) {
        assertThat(Protocol.NumpyPermutation.of(10, seed)).hasToString("[" + order + "]");
    }

    @Test
    @DisplayName("contains every class once, and rejects seeds outside its range")
    void permutation() {
        assertThat(Protocol.NumpyPermutation.of(100, 7))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 100).boxed().toList());
        assertThat(Protocol.NumpyPermutation.of(1, 7)).containsExactly(0);
        assertThatThrownBy(() -> Protocol.NumpyPermutation.of(10, -1)).hasMessageContaining("not -1");
        assertThatThrownBy(() -> Protocol.NumpyPermutation.of(10, 1L << 31)).hasMessageContaining("not 2147483648");
    }

    @Test
    @DisplayName("of IDC gives the published groups of CIFAR-100's classes for any seed")
    void publishedGroups() {
        List<List<Integer>> steps = Protocol.IDC.steps(100, 5, 3);

        assertThat(steps).hasSize(5);
        assertThat(steps.getFirst())
                .containsExactly(2, 7, 8, 13, 16, 22, 24, 26, 30, 33, 53, 54, 55, 73, 75, 78, 86, 92, 93, 95);
        assertThat(steps.getLast())
                .containsExactly(9, 12, 21, 25, 36, 37, 39, 44, 46, 47, 58, 64, 65, 67, 70, 81, 83, 87, 88, 96);
    }

    @Test
    @DisplayName("of DM draws an unsorted order by the seed, and fresh and replay use the order of the dataset")
    void otherOrders() {
        assertThat(Protocol.GDUMB.steps(10, 5, 0))
                .containsExactly(List.of(2, 8), List.of(4, 9), List.of(1, 6), List.of(7, 3), List.of(0, 5));
        assertThat(Protocol.GDUMB.steps(10, 2, 1)).containsExactly(List.of(2, 9, 6, 4, 0), List.of(3, 1, 7, 8, 5));
        assertThat(Protocol.FRESH.steps(5, 2, 1)).containsExactly(List.of(0, 1, 2), List.of(3, 4));
        assertThat(Protocol.REPLAY.steps(5, 2, 1)).isEqualTo(Protocol.FRESH.steps(5, 2, 1));
    }

    @Test
    @DisplayName("trains with its published learning rates and batch sizes")
    void recipes() {
        assertThat(Protocol.GDUMB.recipe("cifar100", 20, 1))
                .satisfies(recipe -> assertThat(recipe.epochs()).isEqualTo(1001))
                .satisfies(recipe -> assertThat(recipe.batch()).isEqualTo(256))
                .satisfies(recipe -> assertThat(recipe.mixProbability()).isZero());
        assertThat(Protocol.IDC.recipe("cifar100", 20, 2))
                .satisfies(recipe -> assertThat(recipe.epochs()).isEqualTo(1000))
                .satisfies(recipe -> assertThat(recipe.batch()).isEqualTo(64))
                .satisfies(recipe -> assertThat(recipe.mixProbability()).isEqualTo(0.5))
                .satisfies(recipe ->
                        assertThat(recipe.learningRateAt(600, 1000)).isLessThan(recipe.learningRateAt(599, 1000)));
        assertThat(Protocol.REPLAY.recipe("mnist", 10, 1).augmentation()).isEqualTo("crop");
        assertThat(Protocol.REPLAY.recipe("cifar10", 10, 1))
                .satisfies(recipe -> assertThat(recipe.augmentation()).isEqualTo("crop_flip"))
                .satisfies(recipe -> assertThat(recipe.epochs()).isEqualTo(1))
                .satisfies(recipe -> assertThat(recipe.batch()).isEqualTo(64))
                .satisfies(recipe -> assertThat(recipe.learningRateAt(8, 9)).isEqualTo(recipe.learningRateAt(0, 9)));
    }
}
