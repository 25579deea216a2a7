package dev.reverie.actors.reservoir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.Image;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A reservoir")
class ReservoirTest {

    private static final int STREAM = 300;
    private static final int CAPACITY = 30;
    private static final int KEYS = 4000;

    /** Standard deviations of chi-square; chance exceeds them once in two million. Keys are fixed, so it never will. */
    private static final double BOUND = 5;

    /** Largest relative deviation of a third of the recent images: in a small reservoir, newer ones are more likely. */
    private static final double RECENCY = 0.2;

    private static final Image IMAGE = Samples.images(1, 0).getFirst();

    @Test
    @DisplayName("holds every sample of the stream with the same probability")
    void isUniform() {
        assertUniform(reservoir -> reservoir, CAPACITY);
    }

    @Test
    @DisplayName("stays uniform when it is restored between any two deliveries")
    void isUniformAcrossRestarts() {
        assertUniform(
                reservoir -> Reservoir.restored(
                        reservoir.key(),
                        reservoir.capacity(),
                        reservoir.bound(),
                        reservoir.entries().reversed()),
                CAPACITY);
    }

    @Test
    @DisplayName("stays uniform when it shrinks in the middle of the stream")
    void isUniformAfterShrinking() {
        assertUniform(reservoir -> reservoir.resized(CAPACITY / 3), CAPACITY / 3);
    }

    @Test
    @DisplayName("from which images were removed holds none of them, and all others that it would hold otherwise")
    void removesConsistently() {
        for (long key = 0; key < 20; key++) {
            Reservoir half = fed(Reservoir.empty(key, CAPACITY), 0, STREAM / 2);
            List<Long> removed = half.entries().stream()
                    .map(ReservoirImage::ordinal)
                    .filter(ordinal -> ordinal % 3 == 0)
                    .toList();
            List<ReservoirImage> without =
                    fed(half.without(removed), STREAM / 2, STREAM).entries();
            List<ReservoirImage> staying = fed(half, STREAM / 2, STREAM).entries().stream()
                    .filter(each -> !removed.contains(each.ordinal()))
                    .toList();

            assertThat(without).containsAll(staying);
            assertThat(without).extracting(ReservoirImage::ordinal).doesNotContainAnyElementsOf(removed);
        }
    }

    @Test
    @DisplayName("that shrinks has the content that a smaller one would have had all along")
    void shrinksConsistently() {
        for (long key = 0; key < 20; key++) {
            Reservoir shrunk = fed(Reservoir.empty(key, CAPACITY), 0, STREAM).resized(10);
            Reservoir small = fed(Reservoir.empty(key, 10), 0, STREAM);
            assertThat(shrunk.entries()).isEqualTo(small.entries());
        }
    }

    @Test
    @DisplayName("that has grown fills with a uniform sample of old and new images")
    void growsUniformly() {
        int[] held = new int[2 * STREAM];
        for (long key = 0; key < KEYS; key++) {
            Reservoir grown = fed(Reservoir.empty(key, 10), 0, STREAM).resized(CAPACITY);
            fed(grown, STREAM, 2 * STREAM).entries().forEach(each -> held[(int) each.ordinal()]++);
        }

        double oldShare = Arrays.stream(held, 0, STREAM).sum()
                / (double) Arrays.stream(held).sum();
        int all = Arrays.stream(held).sum();
        assertThat(Math.abs(oldShare - 0.5) / (0.5 / Math.sqrt(all))).isLessThan(BOUND);
    }

    @Test
    @DisplayName("takes every image until it is full, and never exceeds its capacity")
    void isBounded() {
        Reservoir reservoir = Reservoir.empty(1, CAPACITY);

        assertThat(fed(reservoir, 0, CAPACITY).entries())
                .extracting(ReservoirImage::ordinal)
                .hasSize(CAPACITY)
                .doesNotHaveDuplicates();
        assertThat(fed(reservoir, 0, STREAM).size()).isEqualTo(CAPACITY);
        assertThat(fed(reservoir, 0, STREAM).resized(0).size()).isZero();
    }

    @Test
    @DisplayName("takes images again after it had no capacity for a while")
    void emptied() {
        Reservoir emptied = fed(fed(Reservoir.empty(1, CAPACITY), 0, STREAM).resized(0), STREAM, 2 * STREAM);
        assertThat(emptied.size()).isZero();

        Reservoir filled = fed(emptied.resized(CAPACITY), 2 * STREAM, 3 * STREAM);

        assertThat(filled.entries()).hasSize(CAPACITY).allSatisfy(each -> assertThat(each.ordinal())
                .isGreaterThanOrEqualTo(2 * STREAM));
    }

    @Test
    @DisplayName("does not depend on how the stream is divided into deliveries")
    void ignoresShares() {
        Reservoir inOne = Reservoir.empty(5, CAPACITY);
        inOne = inOne.with(inOne.choose(offered(0, STREAM)));

        assertThat(inOne.entries())
                .isEqualTo(fed(Reservoir.empty(5, CAPACITY), 0, STREAM).entries());
    }

    @Test
    @DisplayName("drops the images from before a time, except the newest ones, and fills again")
    void dropsOldImages() {
        Reservoir full = fed(Reservoir.empty(3, CAPACITY), 0, STREAM);
        Instant middle = Instant.ofEpochSecond(STREAM / 2);

        Reservoir fresh = full.without(middle, 0, middle);
        Reservoir newest = full.without(Instant.MAX, 4, middle);

        assertThat(fresh.entries())
                .isNotEmpty()
                .isEqualTo(full.entries().stream()
                        .filter(each -> !each.arrived().isBefore(middle))
                        .toList());
        assertThat(newest.entries())
                .extracting(ReservoirImage::ordinal)
                .containsExactlyInAnyOrderElementsOf(full.entries().stream()
                        .map(ReservoirImage::ordinal)
                        .sorted(Comparator.reverseOrder())
                        .limit(4)
                        .toList());
        assertThat(fed(newest, STREAM, STREAM + CAPACITY).size()).isEqualTo(CAPACITY);
    }

    @Test
    @DisplayName("without old images is a nearly uniform sample of the recent ones, if they arrive at a constant rate")
    void isUniformOverTheRecentImages() {
        int recent = STREAM / 2;
        int[] held = new int[2 * STREAM];
        for (long key = 0; key < KEYS; key++) {
            Reservoir reservoir = Reservoir.empty(key, CAPACITY);
            for (int first = 0; first < 2 * STREAM; first += 10) {
                Instant now = Instant.ofEpochSecond(first + 9);
                reservoir = reservoir.without(now.minusSeconds(recent - 1), 0, now);
                reservoir = reservoir.with(reservoir.choose(offered(first, first + 10)));
            }
            reservoir.entries().forEach(each -> held[(int) each.ordinal()]++);
        }

        int[] thirds = new int[3];
        for (int i = 0; i < recent; i++) {
            thirds[3 * i / recent] += held[2 * STREAM - recent + i];
        }
        assertThat(Arrays.stream(held, 0, 2 * STREAM - recent).sum()).isZero();
        double expected = KEYS * CAPACITY / 3.0;
        assertThat(Arrays.stream(thirds).boxed())
                .allSatisfy(count -> assertThat(count / expected).isCloseTo(1, within(RECENCY)));
    }

    @Test
    @DisplayName("counts images of unknown arrival as arrived when old images leave for the first time")
    void unknownArrival() {
        Reservoir unknown =
                Reservoir.empty(3, CAPACITY).with(List.of(new ReservoirImage(0, IMAGE, ReservoirImage.UNKNOWN)));
        Instant now = Instant.ofEpochSecond(1_000);

        Reservoir dated = unknown.without(now.minusSeconds(1), 0, now);

        assertThat(dated.entries()).extracting(ReservoirImage::arrived).containsExactly(now);
        assertThat(dated.without(now.plusSeconds(1), 0, now.plusSeconds(2)).size())
                .isZero();
    }

    private static void assertUniform(UnaryOperator<Reservoir> inTheMiddle, int size) {
        int[] held = new int[STREAM];
        for (long key = 0; key < KEYS; key++) {
            Reservoir reservoir = inTheMiddle.apply(fed(Reservoir.empty(key, CAPACITY), 0, STREAM / 2));
            fed(reservoir, STREAM / 2, STREAM).entries().forEach(each -> held[(int) each.ordinal()]++);
        }
        double expected = (double) KEYS * size / STREAM;
        double chiSquare = Arrays.stream(held)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        // A sample holds each image at most once, so counts vary less than those of independent draws.
        double degrees = STREAM - 1;
        double scaled = chiSquare / (1 - (double) size / STREAM) * degrees / STREAM;
        assertThat(Math.abs(scaled - degrees) / Math.sqrt(2 * degrees)).isLessThan(BOUND);
    }

    /** Shares of seven. */
    private static Reservoir fed(Reservoir reservoir, int from, int to) {
        Reservoir fed = reservoir;
        for (int first = from; first < to; first += 7) {
            fed = fed.with(fed.choose(offered(first, Math.min(first + 7, to))));
        }
        return fed;
    }

    private static List<ReservoirImage> offered(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(ordinal -> new ReservoirImage(ordinal, IMAGE, Instant.ofEpochSecond(ordinal)))
                .toList();
    }
}
