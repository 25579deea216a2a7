package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.MultiFormation;
import dev.reverie.streams.service.MemoryService.MemoryView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
        MemoryView first = view(Optional.empty(), CAT, served(0, random(1, 1), Coding.LOSSLESS));
        now = now.plusSeconds(1);

        MemoryView again = view(Optional.of(first), CAT, served(0, random(1, 1), Coding.LOSSLESS));

        assertThat(again)
                .extracting(MemoryView::version, MemoryView::changed)
                .containsExactly(first.version(), Instant.EPOCH);
    }

    @Test
    @DisplayName("has another version and time if an image or a class has changed")
    void changed() {
        ServedClass cat = served(0, random(1, 1), Coding.LOSSLESS);
        MemoryView first = view(Optional.empty(), CAT, cat);
        now = now.plusSeconds(1);

        MemoryView learned = view(Optional.of(first), CAT, served(0, random(1, 2), Coding.LOSSLESS));
        MemoryView renamed = view(Optional.of(learned), ClassList.of(List.of("dog")), cat);

        assertThat(List.of(first.version(), learned.version(), renamed.version()))
                .doesNotHaveDuplicates();
        assertThat(learned.changed()).isEqualTo(now);
    }

    @ParameterizedTest
    @EnumSource(names = {"JPEG", "PNG"})
    @DisplayName("has the bytes to which its pictures decode, and the floats to which the learned images decode")
    void decodes(PictureFormat format) {
        Coding coding = new Coding(format, 60, OptionalLong.empty());
        ImageBatch cat = random(2, 1);
        ImageBatch dog = random(1, 2);
        ClassList classes = ClassList.of(List.of("cat", "dog"));

        MemoryView view = new MemoryParts(
                        List.of(served(0, cat, coding), served(1, dog, coding)), classes, 2, NORMALISATION)
                .view(Optional.empty(), () -> now);

        MultiFormation formation = MultiFormation.of(2, SHAPE);
        List<ImageBatch> coded =
                List.of(coding.encode(cat).decoded(), coding.encode(dog).decoded());
        assertThat(view.as(Dtype.UINT8)).isSameAs(view.set());
        assertThat(view.coded().apply(1).bytes()).isEqualTo(coding.encode(dog).bytes());
        assertThat(view.set().parameters().toLevels())
                .isEqualTo(ImageBatch.join(coded).toLevels());
        assertThat(view.set().images().toLevels())
                .isEqualTo(ImageBatch.join(coded.stream().map(formation::decode).toList())
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
    @DisplayName("has another version if it is coded otherwise, as when more classes share its bytes")
    void codedOtherwise() {
        Coding coding = new Coding(PictureFormat.JPEG, 60, OptionalLong.empty());

        MemoryView view = view(Optional.empty(), CAT, served(0, random(1, 1), coding));
        MemoryView smaller = view(Optional.of(view), CAT, served(0, random(1, 1), coding.within(500)));

        assertThat(smaller.version()).isNotEqualTo(view.version());
    }

    @Test
    @DisplayName("is coded only when an image is read")
    void codedWhenRead() {
        ServedClass cat = served(0, random(1, 1), Coding.LOSSLESS);
        MemoryView view = view(Optional.empty(), CAT, cat);

        assertThat(cat.codedBytes()).isEmpty();
        view.set().images().toLevels();

        assertThat(cat.codedBytes()).hasValue(view.coded().apply(0).bytes().length);
    }

    private MemoryView view(Optional<MemoryView> last, ClassList classes, ServedClass served) {
        return new MemoryParts(List.of(served), classes, 1, NORMALISATION).view(last, () -> now);
    }

    private static ServedClass served(int index, ImageBatch images, Coding coding) {
        return new ServedClass(new ClassActor.Average(index, images), coding, Optional.empty());
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
