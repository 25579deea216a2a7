package dev.reverie.gpu.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RandomSelectionTest {

    @Test
    @DisplayName("never takes an index twice")
    void takesWithoutReplacement() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(RandomSelection.of(20, 12, seed))
                    .hasSize(12)
                    .doesNotHaveDuplicates()
                    .allMatch(index -> index >= 0 && index < 20);
        }
    }

    @Test
    @DisplayName("of everything is a permutation")
    void permutes() {
        assertThat(RandomSelection.of(20, 20, 3))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 20).boxed().toList())
                .isNotEqualTo(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    @DisplayName("puts every index in every position equally often")
    void isUniform() {
        int draws = 20_000;
        int[][] counts = new int[3][6];
        for (long seed = 0; seed < draws; seed++) {
            List<Integer> choice = RandomSelection.of(6, 3, seed);
            for (int place = 0; place < 3; place++) {
                counts[place][choice.get(place)]++;
            }
        }

        double deviation = Math.sqrt(draws * (1.0 / 6) * (5.0 / 6));
        for (int[] place : counts) {
            for (int count : place) {
                assertThat((double) count).isCloseTo(draws / 6.0, within(5 * deviation));
            }
        }
    }

    @Test
    @DisplayName("refuses to take more indices than exist")
    void refusesTooMany() {
        assertThatThrownBy(() -> RandomSelection.of(3, 4, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot choose 4 of 3 images; request 0 to 3");
    }

    @Nested
    class Batches {

        private List<Integer> epoch(int epoch) {
            List<Integer> indices = new ArrayList<>();
            for (int number = 3 * epoch; number < 3 * epoch + 3; number++) {
                indices.addAll(RandomSelection.batch(11, 3, number, 77));
            }
            return indices;
        }

        @Test
        @DisplayName("are drawn without replacement within an epoch, and its incomplete last batch is dropped")
        void coverAnEpoch() {
            assertThat(epoch(0)).hasSize(9).doesNotHaveDuplicates();
            assertThat(epoch(1)).hasSize(9).doesNotHaveDuplicates().isNotEqualTo(epoch(0));
        }

        @Test
        @DisplayName("drop different images in different epochs")
        void dropDifferentImages() {
            Set<Integer> seen = new HashSet<>();
            for (int epoch = 0; epoch < 10; epoch++) {
                seen.addAll(epoch(epoch));
            }

            assertThat(seen).hasSize(11);
        }

        @Test
        @DisplayName("can be requested in any order")
        void areAPureFunction() {
            List<Integer> fifth = RandomSelection.batch(11, 3, 5, 77);
            assertThat(RandomSelection.batch(11, 3, 4, 77)).isNotEqualTo(fifth);
            assertThat(RandomSelection.batch(11, 3, 5, 77)).isEqualTo(fifth);
        }

        @Test
        @DisplayName("are the whole class if it is smaller than a batch")
        void takeAllOfASmallClass() {
            assertThat(RandomSelection.batch(4, 128, 7, 1)).containsExactlyInAnyOrder(0, 1, 2, 3);
            assertThat(RandomSelection.batch(0, 128, 7, 1)).isEmpty();
        }

        @Test
        @DisplayName("refuse a size below 1 and a negative number")
        void refuseNonsense() {
            assertThatThrownBy(() -> RandomSelection.batch(4, 0, 0, 1)).hasMessageContaining("a size of 0");
            assertThatThrownBy(() -> RandomSelection.batch(4, 1, -1, 1)).hasMessageContaining("number -1");
        }
    }
}
