package dev.reverie.actors.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The index of the duplicates of a class")
class DuplicateIndexTest {

    private final DuplicateIndex index = new DuplicateIndex();

    @Test
    @DisplayName("finds the new samples among those that arrive together")
    void findsNewSamples() {
        index.add(block(1, 10, 2, 20), 9);

        DuplicateIndex.Examination examination = index.examine(block(3, 30, 2, 20, 4, 40, 3, 30));

        assertThat(examination.fresh()).containsExactly(0, 2);
        assertThat(examination.conflict()).isEmpty();
    }

    @Test
    @DisplayName("finds the first conflict with an earlier sample, or between samples that arrive together")
    void findsConflicts() {
        index.add(block(1, 10), 9);

        assertThat(index.examine(block(2, 20, 1, 11, 3, 30)).conflict()).hasValue(1);
        assertThat(index.examine(block(2, 20, 3, 30, 3, 31)).conflict()).hasValue(2);
        assertThat(index.examine(block(2, 20, 3, 30, 3, 31)).fresh()).containsExactly(0, 1);
    }

    @Test
    @DisplayName("forgets the oldest samples beyond its capacity, which are new then")
    void forgetsTheOldest() {
        index.add(block(1, 10, 2, 20, 3, 30), 2);
        assertThat(index.examine(block(1, 10, 2, 20, 3, 30)).fresh()).containsExactly(0);

        index.trim(1);
        assertThat(index.examine(block(1, 11, 2, 20, 3, 30)).fresh()).containsExactly(0, 1);

        index.clear();
        assertThat(index.examine(block(3, 30)).fresh()).containsExactly(0);
    }

    @Test
    @DisplayName("knows a sample that was added twice until its later copy is beyond the capacity")
    void keepsLaterCopies() {
        index.add(block(1, 10, 2, 20, 1, 10, 3, 30), 2);
        assertThat(index.examine(block(1, 10, 2, 20, 3, 30)).fresh()).containsExactly(1);

        index.trim(1);
        assertThat(index.examine(block(1, 10, 3, 30)).fresh()).containsExactly(0);
    }

    private static FingerprintBlock block(long... pairs) {
        return FingerprintBlock.of(pairs);
    }
}
