package dev.reverie.lab.continual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.MultiFormation;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A memory that grows with every step")
class GrowingMemoryTest {

    private static final ImageShape PIXEL = new ImageShape(1, 1, 1);
    private static final Normalisation NORMALISATION = new Normalisation(List.of(0.5), List.of(0.5));

    private final GrowingMemory memory = new GrowingMemory(List.of())
            .plus(set(List.of(0, 1), List.of("a", "b"), 10, 20), 2)
            .plus(set(List.of(0, 1, 0), List.of("c", "a"), 30, 11, 31), 1);

    @Test
    @DisplayName("numbers classes in order of arrival, and takes only the new ones from a selection")
    void grows() {
        DistilledSet set = memory.set();

        assertThat(set.classes().names()).containsExactly("a", "b", "c");
        assertThat(set.labels()).containsExactly(0, 1, 2, 2);
        assertThat(set.parameterLabels()).containsExactly(0, 1, 2, 2);
        assertThat(levels(set.images())).containsExactly(10, 20, 30, 31);
    }

    @Test
    @DisplayName("is appended to the classes of a step with unchanged images")
    void appendedToAStep() {
        Dataset step = new Dataset(
                "tiny",
                PIXEL,
                List.of("d"),
                NORMALISATION,
                List.of(new LabelledImage(Image.of(PIXEL, new byte[] {99}), 0)),
                List.of());

        Dataset extended = memory.appendedTo(step);

        assertThat(extended.classNames()).containsExactly("d", "a", "b", "c");
        assertThat(extended.train()).extracting(LabelledImage::label).containsExactly(0, 1, 2, 3, 3);
        assertThat(extended.train())
                .extracting(sample -> sample.image().level(0))
                .containsExactly(99, 10, 20, 30, 31);
    }

    @Test
    @DisplayName("keeps the chosen images of the classes that have too many")
    void reduced() {
        DistilledSet set = memory.reducedTo(1, (stored, _, count) -> List.of(stored.count() - count))
                .set();

        assertThat(set.labels()).containsExactly(0, 1, 2);
        assertThat(set.parameterLabels()).containsExactly(0, 1, 2);
        assertThat(levels(set.images())).containsExactly(10, 20, 31);
    }

    @Test
    @DisplayName("keeps all cells of a chosen image")
    void reducedMosaics() {
        MultiFormation mosaics = MultiFormation.of(2, new ImageShape(1, 2, 2));
        ImageBatch stored = ImageBatch.of(mosaics.shape(), new float[] {.1f, .1f, .1f, .1f, .9f, .9f, .9f, .9f});
        DistilledSet set = new DistilledSet(
                mosaics.decode(stored),
                Collections.nCopies(8, 0),
                stored,
                List.of(0, 0),
                2,
                NORMALISATION,
                List.of("a"));

        DistilledSet kept = new GrowingMemory(List.of(set))
                .reducedTo(1, (_, _, _) -> List.of(1))
                .set();

        assertThat(kept.parameters().toArray()).containsOnly(.9f);
        assertThat(kept.labels()).hasSize(4);
        assertThat(kept.images().toArray()).hasSize(16).containsOnly(.9f);
    }

    private static List<Integer> levels(ImageBatch images) {
        return IntStream.range(0, images.count())
                .mapToObj(i -> (int) Math.round(255 * images.values(i)[0]))
                .toList();
    }

    private static DistilledSet set(List<Integer> labels, List<String> names, int... levels) {
        float[] values = new float[levels.length];
        for (int i = 0; i < levels.length; i++) {
            values[i] = levels[i] / 255f;
        }
        ImageBatch images = ImageBatch.of(PIXEL, values);
        return new DistilledSet(images, labels, images, labels, 1, NORMALISATION, names);
    }
}
