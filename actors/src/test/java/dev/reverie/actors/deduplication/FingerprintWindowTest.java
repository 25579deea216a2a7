package dev.reverie.actors.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The fingerprint window of a class")
class FingerprintWindowTest {

    @Test
    @DisplayName("has the last fingerprints in order: as many as its capacity, and at most a block more")
    void keepsTheLast() {
        // given
        FingerprintWindow window = FingerprintWindow.ofCapacity(1000);

        // when
        for (int from = 0; from < 5000; from += 70) {
            window = window.with(fingerprints(from, 70));
        }

        // then
        FingerprintBlock all = window.all();
        int last = 5040 - 1;
        assertThat(window.size()).isBetween(1000, 1255);
        assertThat(IntStream.range(0, all.size()).mapToLong(all::id).toArray())
                .containsExactly(IntStream.rangeClosed(last - all.size() + 1, last)
                        .asLongStream()
                        .toArray());
    }

    @Test
    @DisplayName("shrinks with its capacity")
    void shrinks() {
        FingerprintBlock left = FingerprintWindow.ofCapacity(1000)
                .with(fingerprints(0, 1000))
                .resized(10)
                .all();

        assertThat(left.size()).isBetween(10, 10 + 255);
        assertThat(left.id(left.size() - 1)).isEqualTo(999);
        assertThat(left.id(0)).isEqualTo(1000 - left.size());
    }

    private static FingerprintBlock fingerprints(int from, int count) {
        return FingerprintBlock.of(IntStream.range(from, from + count)
                .mapToObj(i -> new SampleFingerprint(i, -i))
                .toList());
    }

    @Test
    @DisplayName("is the same when restored from its fingerprints")
    void roundTrips() {
        // given a window that has dropped its oldest fingerprints
        FingerprintWindow window =
                FingerprintWindow.ofCapacity(300).with(fingerprints(0, 700)).with(fingerprints(700, 7));

        // when
        FingerprintWindow restored = FingerprintWindow.ofCapacity(window.capacity())
                .with(FingerprintBlock.of(window.all().toArray()));

        // then
        assertThat(restored.all().toArray()).isEqualTo(window.all().toArray());
        assertThat(restored.with(fingerprints(707, 400)).all().toArray())
                .isEqualTo(window.with(fingerprints(707, 400)).all().toArray());
        assertThat(restored.all().id(restored.size() - 1)).isEqualTo(706);
        assertThat(restored.all().content(restored.size() - 1)).isEqualTo(-706);
    }
}
