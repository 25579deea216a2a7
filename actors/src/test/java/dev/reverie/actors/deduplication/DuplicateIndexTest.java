package dev.reverie.actors.deduplication;

import static dev.reverie.actors.deduplication.SampleVerdict.CONFLICT;
import static dev.reverie.actors.deduplication.SampleVerdict.DUPLICATE;
import static dev.reverie.actors.deduplication.SampleVerdict.SEALED;
import static dev.reverie.actors.deduplication.SampleVerdict.STORED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The index of the duplicates of a class")
class DuplicateIndexTest {

    private final DuplicateIndex index = new DuplicateIndex();

    @Test
    @DisplayName("tells new samples from duplicates of earlier ones, and of others that arrive together")
    void findsNewSamples() {
        index.add(block(1, 10, 2, 20), 9);
        assertThat(judge(block(3, 30, 2, 20, 4, 40, 3, 30))).containsExactly(STORED, DUPLICATE, STORED, DUPLICATE);
    }

    @Test
    @DisplayName("finds conflicts with earlier samples, and between samples that arrive together")
    void findsConflicts() {
        index.add(block(1, 10), 9);
        assertThat(judge(block(2, 20, 1, 11, 3, 30, 3, 31))).containsExactly(STORED, CONFLICT, STORED, CONFLICT);
    }

    @Test
    @DisplayName("lets a sealed class refuse every new sample, also one that arrives twice")
    void findsSealed() {
        index.add(block(1, 10), 9);
        assertThat(index.judge(block(2, 20, 2, 20, 1, 10), SEALED)).containsExactly(SEALED, SEALED, DUPLICATE);
    }

    @Test
    @DisplayName("forgets the oldest samples beyond its capacity, which are new then")
    void forgetsTheOldest() {
        index.add(block(1, 10, 2, 20, 3, 30), 2);
        assertThat(fresh(block(1, 10, 2, 20, 3, 30))).containsExactly(0);

        index.trim(1);
        assertThat(fresh(block(1, 11, 2, 20, 3, 30))).containsExactly(0, 1);

        index.clear();
        assertThat(fresh(block(3, 30))).containsExactly(0);
    }

    @Test
    @DisplayName("knows a sample that was added twice until its later copy is beyond the capacity")
    void keepsLaterCopies() {
        index.add(block(1, 10, 2, 20, 1, 10, 3, 30), 2);
        assertThat(fresh(block(1, 10, 2, 20, 3, 30))).containsExactly(1);

        index.trim(1);
        assertThat(fresh(block(1, 10, 3, 30))).containsExactly(0);
    }

    private List<SampleVerdict> judge(FingerprintBlock samples) {
        return index.judge(samples, STORED);
    }

    /** Positions of the new samples. */
    private List<Integer> fresh(FingerprintBlock samples) {
        List<SampleVerdict> verdicts = judge(samples);
        return IntStream.range(0, verdicts.size())
                .filter(i -> verdicts.get(i) == STORED)
                .boxed()
                .toList();
    }

    private static FingerprintBlock block(long... pairs) {
        return FingerprintBlock.of(pairs);
    }
}
