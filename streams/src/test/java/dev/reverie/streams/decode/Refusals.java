package dev.reverie.streams.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Assertions on refused samples, and the pixels of decoded ones. */
final class Refusals {

    private Refusals() {}

    static void assertRefused(Reason reason, String message, ThrowingCallable decoding) {
        assertThatThrownBy(decoding)
                .isInstanceOfSatisfying(SampleRefusedException.class, e -> assertThat(e.reason())
                        .isEqualTo(reason))
                .hasMessageContaining(message);
    }

    static int[] levels(Sample sample) {
        Image image = sample.image();
        return IntStream.range(0, image.shape().size()).map(image::level).toArray();
    }
}
