package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.NpzFile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A batch drawn from a memory")
class SampleQueryTest {

    private static final Map<String, List<Integer>> IMAGES = new LinkedHashMap<>();

    static {
        IMAGES.put("cat", List.of(0, 1, 2, 3, 4));
        IMAGES.put("dog", List.of(5, 6));
        IMAGES.put("cow", List.of(7));
    }

    @Test
    @DisplayName("repeats an image only after all others of its class were drawn")
    void withoutReplacement() {
        List<Integer> batch = draw(15, 1);

        assertThat(batch).contains(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(Collections.frequency(batch, 7)).isEqualTo(5);
        assertThat(IntStream.range(0, 5).map(image -> Collections.frequency(batch, image)))
                .containsOnly(1);
    }

    @Test
    @DisplayName("that does not divide evenly has class counts that differ by at most one")
    void remainder() {
        List<Integer> batch = draw(11, 2, "dog", "cat");

        assertThat(batch.stream().filter(image -> image < 5).count()).isBetween(5L, 6L);
    }

    @Test
    @DisplayName("is unbiased: over many seeds, each image of a class is first equally often")
    void isUniform() {
        int draws = 20_000;
        int[] first = new int[5];
        for (int seed = 0; seed < draws; seed++) {
            first[draw(1, seed, "cat").getFirst()]++;
        }

        double expected = draws / 5.0;
        double fiveSigma = 5 * Math.sqrt(expected * 0.8);
        assertThat(IntStream.of(first)).allMatch(count -> Math.abs(count - expected) < fiveSigma);
    }

    private static List<Integer> draw(int count, long seed, String... classes) {
        return new SampleQuery(
                        OptionalInt.of(count),
                        count,
                        seed,
                        List.of(classes),
                        Dtype.UINT8,
                        NpzFile.Numbering.INDEX,
                        false)
                .draw(IMAGES, count);
    }
}
