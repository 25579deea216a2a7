package dev.reverie.lab.continual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.lab.continual.RealMemory.RealClass;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A memory of real images")
class RealMemoryTest {

    private static final ImageShape SHAPE = new ImageShape(1, 16, 16);
    private static final Normalisation NORMALISATION = new Normalisation(List.of(0.5), List.of(0.5));

    private final RealMemory memory =
            new RealMemory(List.of(plain("a", 10), plain("b", 20), plain("c", 30, 31)), 1, NORMALISATION);

    @Test
    @DisplayName("numbers classes in order of arrival")
    void coded() {
        DistilledSet set = memory.coded(Coding.LOSSLESS, false).set();

        assertThat(set.classes().names()).containsExactly("a", "b", "c");
        assertThat(set.labels()).containsExactly(0, 1, 2, 2);
        assertThat(levels(set)).containsExactly(10, 20, 30, 31);
    }

    @Test
    @DisplayName("is appended to the classes of a step with unchanged images, repeated to the least number")
    void appendedToAStep() {
        Dataset step = new Dataset(
                "tiny",
                SHAPE,
                List.of("d"),
                NORMALISATION,
                List.of(new LabelledImage(plain("d", 99).images().toImages().getFirst(), 0)),
                List.of());

        Dataset extended = memory.appendedTo(step, 2);

        assertThat(extended.classNames()).containsExactly("d", "a", "b", "c");
        assertThat(extended.train()).extracting(LabelledImage::label).containsExactly(0, 1, 1, 2, 2, 3, 3);
        assertThat(extended.train())
                .extracting(sample -> sample.image().level(0))
                .containsExactly(99, 10, 10, 20, 20, 30, 31);
    }

    @Test
    @DisplayName("keeps the chosen images of the classes that have too many, with all their cells")
    void reduced() {
        RealMemory mosaics = new RealMemory(memory.classes(), 2, NORMALISATION);

        DistilledSet set = mosaics.reducedTo(
                        1, (stored, _, count) -> List.of(stored.count() - count), List.of(plain("d", 40)))
                .coded(Coding.LOSSLESS, false)
                .set();

        assertThat(set.parameterLabels()).containsExactly(0, 1, 2, 3);
        assertThat(set.labels()).hasSize(4 * 4);
        assertThat(levels(set)).containsExactly(10, 10, 10, 10, 20, 20, 20, 20, 31, 31, 31, 31, 40, 40, 40, 40);
    }

    @Test
    @DisplayName("stores as many JPEG files of a class as fit, at least one, and counts their bytes")
    void files() {
        RealMemory noisy = new RealMemory(List.of(noise("a", 5)), 1, NORMALISATION);
        Coding unlimited = new Coding(PictureFormat.JPEG, 70, OptionalLong.empty());
        long all = noisy.coded(unlimited, true).bytes();

        StoredMemory some = noisy.coded(unlimited.within(all - 1), true);

        assertThat(some.set().labels()).hasSize(4);
        assertThat(some.bytes()).isBetween(all / 2, all - 1);
        assertThat(noisy.coded(unlimited.within(1), true).set().labels()).hasSize(1);
    }

    @Test
    @DisplayName("joins the images of another memory by the names of its classes")
    void joins() {
        StoredMemory learned =
                new RealMemory(List.of(plain("b", 21), plain("a", 11)), 1, NORMALISATION).coded(Coding.LOSSLESS, false);
        StoredMemory real =
                new RealMemory(List.of(plain("a", 10), plain("b", 20)), 1, NORMALISATION).coded(Coding.LOSSLESS, false);

        StoredMemory joined = StoredMemory.join(learned, real);

        assertThat(joined.set().labels()).containsExactly(0, 0, 1, 1);
        assertThat(levels(joined.set())).containsExactly(11, 10, 21, 20);
        assertThat(joined.bytes()).isEqualTo(learned.bytes() + real.bytes());
    }

    private static List<Integer> levels(DistilledSet set) {
        return set.images().toImages().stream().map(image -> image.level(0)).toList();
    }

    private static RealClass plain(String name, int... levels) {
        return new RealClass(
                name,
                ImageBatch.of(IntStream.of(levels)
                        .mapToObj(level -> {
                            byte[] pixels = new byte[SHAPE.size()];
                            Arrays.fill(pixels, (byte) level);
                            return Image.of(SHAPE, pixels);
                        })
                        .toList()));
    }

    private static RealClass noise(String name, int images) {
        byte[] pixels = new byte[images * SHAPE.size()];
        new SplittableRandom(0).nextBytes(pixels);
        return new RealClass(name, ImageBatch.of(SHAPE, pixels));
    }
}
