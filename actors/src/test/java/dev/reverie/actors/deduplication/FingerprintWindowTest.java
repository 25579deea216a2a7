package dev.reverie.actors.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.Image;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The fingerprint window of a class")
class FingerprintWindowTest {

    private static final Image IMAGE = Samples.images(1, 0).getFirst();

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
        assertThat(FingerprintWindow.ofCapacity(1000)
                        .with(fingerprints(0, 1000))
                        .resized(10)
                        .size())
                .isLessThan(10 + 256);
    }

    @Test
    @DisplayName("distinguishes ids, labels and images, and an id from a content")
    void tellsApart() {
        // given
        SampleFingerprint one = SampleFingerprint.of("cat", Optional.of("a"), IMAGE);
        SampleFingerprint copy = SampleFingerprint.of(
                "cat", Optional.of("a"), Samples.images(1, 0).getFirst());
        SampleFingerprint otherImage = SampleFingerprint.of(
                "cat", Optional.of("a"), Samples.images(1, 1).getFirst());
        SampleFingerprint otherLabel = SampleFingerprint.of("dog", Optional.of("a"), IMAGE);
        SampleFingerprint anonymous = SampleFingerprint.of("cat", Optional.empty(), IMAGE);

        // then
        assertThat(copy).isEqualTo(one);
        assertThat(otherImage.id()).isEqualTo(one.id());
        assertThat(otherImage.content()).isNotEqualTo(one.content());
        assertThat(otherLabel.content()).isNotEqualTo(one.content());
        assertThat(anonymous.content()).isEqualTo(one.content());
        assertThat(anonymous.id()).isNotIn(one.id(), anonymous.content());
        assertThat(SampleFingerprint.of("dog", Optional.empty(), IMAGE).id()).isNotEqualTo(anonymous.id());
    }

    private static FingerprintBlock fingerprints(int from, int count) {
        return FingerprintBlock.of(IntStream.range(from, from + count)
                .mapToObj(i -> new SampleFingerprint(i, -i))
                .toList());
    }

    @Test
    @DisplayName("is the same when restored from its fingerprints")
    void roundTrips() {
        FingerprintBlock some = FingerprintBlock.of(List.of(new SampleFingerprint(1, 2), new SampleFingerprint(3, 4)));
        assertThat(FingerprintBlock.of(some.toArray()).content(1)).isEqualTo(4);
    }
}
