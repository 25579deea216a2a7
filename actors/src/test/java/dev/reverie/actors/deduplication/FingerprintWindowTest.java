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
        FingerprintWindow window = FingerprintWindow.ofCapacity(1000);

        for (int from = 0; from < 5000; from += 70) {
            window = window.with(fingerprints(from, 70));
        }

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
                .with(fingerprints(0, 990))
                .with(fingerprints(990, 5))
                .with(fingerprints(995, 5))
                .resized(10)
                .all();

        assertThat(left.size()).isBetween(10, 10 + 255);
        assertThat(left.id(left.size() - 1)).isEqualTo(999);
        assertThat(left.id(0)).isEqualTo(1000 - left.size());
    }

    @Test
    @DisplayName("keeps the last two deliveries of any size, until others follow")
    void keepsLastDeliveries() {
        FingerprintWindow full =
                FingerprintWindow.ofCapacity(300).with(fingerprints(0, 600)).with(fingerprints(600, 600));

        FingerprintWindow smaller = full.resized(10);

        assertThat(smaller.size()).isEqualTo(1200);
        assertThat(smaller.recognised()).isEqualTo(1200);

        FingerprintWindow later = smaller.with(fingerprints(1200, 1)).with(fingerprints(1201, 1));

        assertThat(later.size()).isBetween(10, 10 + 255);
        assertThat(later.recognised()).isEqualTo(10);
    }

    @Test
    @DisplayName("recognises all fingerprints that were stored, until its capacity changes")
    void recognisesStored() {
        FingerprintWindow restored = FingerprintWindow.restored(10, fingerprints(0, 600));

        assertThat(restored.recognised()).isEqualTo(600);
        assertThat(restored.with(fingerprints(600, 1)).recognised()).isEqualTo(601);
        assertThat(restored.resized(9).size()).isBetween(9, 9 + 255);
    }

    @Test
    @DisplayName("recognises no fingerprint if its capacity is 0")
    void recognisesNone() {
        assertThat(FingerprintWindow.ofCapacity(0).with(fingerprints(0, 600)).recognised())
                .isZero();
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
        FingerprintWindow window = FingerprintWindow.ofCapacity(300)
                .with(fingerprints(0, 700))
                .with(fingerprints(700, 4))
                .with(fingerprints(704, 3));

        FingerprintWindow restored = FingerprintWindow.restored(window.capacity(), window.all());

        assertThat(restored.all().toArray()).isEqualTo(window.all().toArray());
        assertThat(extended(restored).all().toArray())
                .isEqualTo(extended(window).all().toArray());
        assertThat(restored.all().id(restored.size() - 1)).isEqualTo(706);
        assertThat(restored.all().content(restored.size() - 1)).isEqualTo(-706);
    }

    private static FingerprintWindow extended(FingerprintWindow window) {
        return window.with(fingerprints(707, 300)).with(fingerprints(1007, 300));
    }
}
