package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.DeadZone;
import dev.reverie.gpu.synthetic.MultiFormation;
import dev.reverie.streams.service.MemoryService.MemoryView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The memory")
class MemoryPartsTest {

    private static final ImageShape SHAPE = new ImageShape(3, 6, 5);
    private static final Normalisation NORMALISATION = Normalisation.neutral(SHAPE);
    private static final ClassList CAT = ClassList.of(List.of("cat"));

    private Instant now = Instant.EPOCH;

    @Test
    @DisplayName("has the same version and time as before if other images are equal to the last ones")
    void equalImages() {
        MemoryView first = view(Optional.empty(), CAT, served(0, random(1, 1), Bits.EIGHT));
        now = now.plusSeconds(1);

        MemoryView again = view(Optional.of(first), CAT, served(0, random(1, 1), Bits.EIGHT));

        assertThat(again)
                .extracting(MemoryView::version, MemoryView::changed)
                .containsExactly(first.version(), Instant.EPOCH);
    }

    @Test
    @DisplayName("has another version and time if an image or a class has changed")
    void changed() {
        ServedClass cat = served(0, random(1, 1), Bits.EIGHT);
        MemoryView first = view(Optional.empty(), CAT, cat);
        now = now.plusSeconds(1);

        MemoryView learned = view(Optional.of(first), CAT, served(0, random(1, 2), Bits.EIGHT));
        MemoryView renamed = view(Optional.of(learned), ClassList.of(List.of("dog")), cat);

        assertThat(List.of(first.version(), learned.version(), renamed.version()))
                .doesNotHaveDuplicates();
        assertThat(learned.changed()).isEqualTo(now);
    }

    @ParameterizedTest(name = "{0} bits")
    @DisplayName("has the bytes to which the rounded images decode, and the floats to which the learned ones decode")
    @EnumSource
    void decodes(Bits bits) {
        ImageBatch cat = random(2, 1);
        ImageBatch dog = random(1, 2);
        ClassList classes = ClassList.of(List.of("cat", "dog"));

        MemoryView view = new MemoryParts(
                        List.of(served(0, cat, bits), served(1, dog, bits)), classes, 2, NORMALISATION, bits)
                .view(Optional.empty(), () -> now);

        MultiFormation formation = MultiFormation.of(2, SHAPE);
        assertThat(view.as(Dtype.UINT8)).isSameAs(view.set());
        assertThat(view.set().parameters().toLevels())
                .isEqualTo(ImageBatch.join(List.of(cat.in(bits), dog.in(bits))).toLevels());
        assertThat(view.set().images().toLevels())
                .isEqualTo(ImageBatch.join(List.of(formation.decode(cat.in(bits)), formation.decode(dog.in(bits))))
                        .toLevels());
        assertThat(view.as(Dtype.FLOAT32).parameters().toArray())
                .isEqualTo(ImageBatch.join(List.of(cat, dog)).toArray());
        assertThat(view.as(Dtype.FLOAT32).images().toArray())
                .isEqualTo(ImageBatch.join(List.of(formation.decode(cat), formation.decode(dog)))
                        .toArray());
        assertThat(view.set().labels()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1);
        assertThat(view.as(Dtype.FLOAT32).labels()).isEqualTo(view.set().labels());
    }

    @Test
    @DisplayName("has no values in the dead zone")
    void deadZone() {
        DeadZone zone = new DeadZone(0.5);
        ImageBatch learned = random(1, 1);

        ServedClass served = new ServedClass(new ClassActor.Average(0, learned), Bits.EIGHT, zone);

        assertThat(served.learned().toArray())
                .isEqualTo(zone.appliedTo(learned).toArray())
                .isNotEqualTo(learned.toArray());
        assertThat(served.stored().toLevels()).isEqualTo(zone.appliedTo(learned).toLevels());
    }

    private MemoryView view(Optional<MemoryView> last, ClassList classes, ServedClass served) {
        return new MemoryParts(List.of(served), classes, 1, NORMALISATION, Bits.EIGHT).view(last, () -> now);
    }

    private static ServedClass served(int index, ImageBatch images, Bits bits) {
        return new ServedClass(new ClassActor.Average(index, images), bits, DeadZone.NONE);
    }

    private static ImageBatch random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count * SHAPE.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return ImageBatch.of(SHAPE, values);
    }
}
