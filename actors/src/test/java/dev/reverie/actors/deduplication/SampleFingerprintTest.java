package dev.reverie.actors.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.Image;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The fingerprint of a sample")
class SampleFingerprintTest {

    private static final Image IMAGE = Samples.images(1, 0).getFirst();

    @Test
    @DisplayName("distinguishes ids, labels and images, and an id from a content")
    void tellsApart() {
        SampleFingerprint one = SampleFingerprint.of("cat", Optional.of("a"), IMAGE);
        SampleFingerprint copy = SampleFingerprint.of(
                "cat", Optional.of("a"), Samples.images(1, 0).getFirst());
        SampleFingerprint otherImage = SampleFingerprint.of(
                "cat", Optional.of("a"), Samples.images(1, 1).getFirst());
        SampleFingerprint otherLabel = SampleFingerprint.of("dog", Optional.of("a"), IMAGE);
        SampleFingerprint anonymous = SampleFingerprint.of("cat", Optional.empty(), IMAGE);

        assertThat(copy).isEqualTo(one);
        assertThat(otherImage.id()).isEqualTo(one.id());
        assertThat(otherImage.content()).isNotEqualTo(one.content());
        assertThat(otherLabel.content()).isNotEqualTo(one.content());
        assertThat(anonymous.content()).isEqualTo(one.content());
        assertThat(anonymous.id()).isNotIn(one.id(), anonymous.content());
        assertThat(SampleFingerprint.of("dog", Optional.empty(), IMAGE).id()).isNotEqualTo(anonymous.id());
    }
}
