package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A batch drawn from a memory")
class SampleQueryTest {

    /** Class 0 has the images 0 to 4, class 2 the images 5 to 6, class 3 the image 7. */
    private static final List<Integer> LABELS = List.of(0, 0, 0, 0, 0, 2, 2, 3);

    @Test
    @DisplayName("repeats an image only after all others of its class were drawn")
    void withoutReplacement() {
        List<Integer> batch = draw(15, 1, 0, 2, 3);

        assertThat(batch).contains(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(Collections.frequency(batch, 7)).isEqualTo(5);
        assertThat(IntStream.range(0, 5).map(image -> Collections.frequency(batch, image)))
                .containsOnly(1);
    }

    @Test
    @DisplayName("that does not divide evenly has class counts that differ by at most one")
    void remainder() {
        List<Integer> batch = draw(11, 2, 0, 2);

        assertThat(batch.stream().filter(image -> image < 5).count()).isBetween(5L, 6L);
    }

    @Test
    @DisplayName("is unbiased: over many seeds, each image of a class is first equally often")
    void isUniform() {
        int draws = 20_000;
        int[] first = new int[5];
        for (int seed = 0; seed < draws; seed++) {
            first[draw(1, seed, 0).getFirst()]++;
        }

        double expected = draws / 5.0;
        double fiveSigma = 5 * Math.sqrt(expected * 0.8);
        assertThat(IntStream.of(first)).allMatch(count -> Math.abs(count - expected) < fiveSigma);
    }

    private static List<Integer> draw(int count, long seed, Integer... classes) {
        return SampleQuery.draw(LABELS, Arrays.asList(classes), count, new SplittableRandom(seed));
    }
}
