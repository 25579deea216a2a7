package dev.reverie.streams.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.MultiFormation;
import dev.reverie.gpu.synthetic.StoredSet;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A view of a memory of mosaics")
class MemoryViewTest {

    private static final ImageShape SHAPE = new ImageShape(3, 6, 5);

    @ParameterizedTest(name = "{0} bits")
    @DisplayName("has the bytes to which the rounded images decode, and the floats to which the learned ones decode")
    @EnumSource
    void decodes(Bits bits) {
        // given
        StoredSet learned = learned();

        // when
        MemoryView view = MemoryView.of("v1", learned, bits, Instant.EPOCH);

        // then
        ImageBatch rounded = learned.images().in(bits);
        assertThat(view.as(Dtype.UINT8)).isSameAs(view.set());
        assertThat(view.set().parameters().toLevels()).isEqualTo(rounded.toLevels());
        assertThat(view.set().images().toLevels()).isEqualTo(decoded(rounded).toLevels());
        assertThat(view.as(Dtype.FLOAT32).parameters()).isSameAs(learned.images());
        assertThat(view.as(Dtype.FLOAT32).images().toArray())
                .isEqualTo(decoded(learned.images()).toArray());
        assertThat(view.as(Dtype.FLOAT32).labels()).isEqualTo(view.set().labels());
    }

    /** Decodes the images class by class. */
    private static ImageBatch decoded(ImageBatch stored) {
        MultiFormation formation = MultiFormation.of(2, SHAPE);
        return ImageBatch.join(
                List.of(formation.decode(stored.pick(List.of(0, 1))), formation.decode(stored.pick(List.of(2)))));
    }

    /** Two mosaics of a class and one of another. */
    private static StoredSet learned() {
        Random random = new Random(5);
        float[] values = new float[3 * SHAPE.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return new StoredSet(
                ImageBatch.of(SHAPE, values),
                List.of(0, 0, 1),
                2,
                Normalisation.neutral(SHAPE),
                ClassList.of(List.of("cat", "dog")));
    }
}
