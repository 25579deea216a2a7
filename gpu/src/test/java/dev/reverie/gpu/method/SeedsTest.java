package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.method.Seeds.Purpose;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SeedsTest {

    @Test
    @DisplayName("equal arguments give equal seeds, and equal seeds equal sequences")
    void isAPureFunction() {
        long seed = Seeds.of(7, Purpose.MATCH, 3, 41, 9);

        assertThat(Seeds.of(7, Purpose.MATCH, 3, 41, 9)).isEqualTo(seed);
        assertThat(Seeds.generator(seed).longs(8).toArray())
                .isEqualTo(Seeds.generator(seed).longs(8).toArray());
    }

    @Test
    @DisplayName("the seeds of a whole run are all different")
    void neverRepeatsInARun() {
        Set<Long> seen = new HashSet<>();
        int drawn = 0;
        for (Purpose purpose : Purpose.values()) {
            for (int outer = 0; outer < 20; outer++) {
                for (int inner = 0; inner < 100; inner++) {
                    for (int label = 0; label < 10; label++, drawn++) {
                        seen.add(Seeds.of(0, purpose, outer, inner, label));
                    }
                }
            }
        }

        assertThat(seen).hasSize(drawn);
    }

    @Test
    @DisplayName("order and number of the coordinates matter")
    void tellsCoordinatesApart() {
        assertThat(Set.of(
                        Seeds.of(1, Purpose.MATCH),
                        Seeds.of(1, Purpose.MATCH, 0),
                        Seeds.of(1, Purpose.MATCH, 0, 0),
                        Seeds.of(1, Purpose.MATCH, 0, 1),
                        Seeds.of(1, Purpose.MATCH, 1, 0),
                        Seeds.of(0, Purpose.MATCH, 1, 0)))
                .hasSize(6);
    }

    @Test
    @DisplayName("changing one bit of a coordinate changes half of the seed's bits")
    void mixesEveryBit() {
        int samples = 64 * 200;
        long flipped = 0;
        for (int step = 0; step < 200; step++) {
            for (int bit = 0; bit < 64; bit++) {
                flipped += Long.bitCount(
                        Seeds.of(5, Purpose.TRAIN, step) ^ Seeds.of(5, Purpose.TRAIN, step ^ (1L << bit)));
            }
        }
        // 64 fair coins a sample: standard deviation of their mean number is 4 / sqrt(samples)
        assertThat((double) flipped / samples).isCloseTo(32, within(5 * 4 / Math.sqrt(samples)));
    }

    @Test
    @DisplayName("seeds do not change between releases")
    void isPinned() {
        assertThat(Seeds.of(0, Purpose.NETWORK)).isEqualTo(0x08b4fda8c892b50eL);
        assertThat(Seeds.of(42, Purpose.MATCH, 1, 2, 3)).isEqualTo(0xcead6e554fb868acL);
    }
}
