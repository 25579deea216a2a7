package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A distilled set")
class DistilledSetTest {

    private static final ImageShape PIXEL = new ImageShape(1, 1, 1);

    @Test
    @DisplayName("has the teacher's soft label of an image, or a one-hot label without a teacher")
    void target() {
        DistilledSet hard = whole();
        DistilledSet soft = hard.withSoftLabels(
                SoftLabels.of(3, new float[] {1, 0, 0, 0.5f, 0.25f, 0.25f, 0, 0, 1, 0, 0.5f, 0.5f}));

        assertThat(hard.target(3)).containsExactly(0, 0, 1);
        assertThat(soft.target(3)).containsExactly(0, 0.5, 0.5);
        assertThat(soft.pick(List.of(1)).target(0)).containsExactly(0.5, 0.25, 0.25);
        assertThat(soft.withHardLabels()).isEqualTo(hard);
    }

    @Test
    @DisplayName("that is picked from another is stored decoded, with factor 1")
    void pick() {
        DistilledSet whole = whole();

        DistilledSet some = whole.pick(List.of(3, 0, 3));

        assertThat(some.images().toArray()).containsExactly(0.4f, 0.1f, 0.4f);
        assertThat(some.labels()).containsExactly(2, 0, 2);
        assertThat(some.parameters().toArray()).isEqualTo(some.images().toArray());
        assertThat(some.parameterLabels()).isEqualTo(some.labels());
        assertThat(some.factor()).isEqualTo(1);
        assertThat(some.normalisation()).isEqualTo(whole.normalisation());
        assertThat(some.classes()).isEqualTo(whole.classes());
    }

    @Test
    @DisplayName("of whole images stores them in bytes, grouped by class")
    void wholeImages() {
        DistilledSet set = DistilledSet.of(
                List.of(sample(30, 1), sample(10, 0), sample(40, 1), sample(20, 0)),
                new Normalisation(List.of(0.5), List.of(0.5)),
                List.of("cat", "dog"));

        assertThat(set.labels()).containsExactly(0, 0, 1, 1);
        assertThat(set.images().toImages()).extracting(image -> image.level(0)).containsExactly(10, 20, 30, 40);
        assertThat(set.storesDecoded()).isTrue();
        assertThat(set.storedBytes()).isEqualTo(4);
    }

    private static LabelledImage sample(int level, int label) {
        return new LabelledImage(Image.of(PIXEL, new byte[] {(byte) level}), label);
    }

    @Test
    @DisplayName("stores one byte or four per value, as its images have them, and four per value of soft labels")
    void storedBytes() {
        SoftLabels soft = SoftLabels.of(2, new float[] {1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1});

        assertThat(DistilledSets.small().storedBytes()).isEqualTo(2 * 12 * 4);
        assertThat(DistilledSets.smallBytes().storedBytes()).isEqualTo(2 * 12);
        assertThat(DistilledSets.smallBytes().withSoftLabels(soft).storedBytes())
                .isEqualTo(2 * 12 + 8 * 2 * 4);
    }

    @Test
    @DisplayName("has one target value per class, even if the class indices have gaps")
    void gaps() {
        ImageBatch images = ImageBatch.of(PIXEL, new float[2]);
        List<Integer> labels = List.of(38_480, 7);
        ClassList classes = new ClassList(List.of(7, 38_480), List.of("cat", "dog"));

        DistilledSet set = new DistilledSet(
                images, labels, images, labels, 1, new Normalisation(List.of(0.5), List.of(0.25)), classes);

        assertThat(set.target(0)).containsExactly(0, 1);
        assertThat(set.target(1)).containsExactly(1, 0);
    }

    @Test
    @DisplayName("refuses a label that is not the index of one of its classes")
    void unknownLabel() {
        ImageBatch images = ImageBatch.of(PIXEL, new float[1]);
        ClassList classes = new ClassList(List.of(7), List.of("cat"));

        assertThatThrownBy(() -> new DistilledSet(
                        images,
                        List.of(0),
                        images,
                        List.of(7),
                        1,
                        new Normalisation(List.of(0.5), List.of(0.25)),
                        classes))
                .hasMessage("the label 0 is not the index of a class of the set");
    }

    private static DistilledSet whole() {
        return new DistilledSet(
                ImageBatch.of(PIXEL, new float[] {0.1f, 0.2f, 0.3f, 0.4f}),
                List.of(0, 0, 2, 2),
                ImageBatch.of(PIXEL, new float[] {0.5f}),
                List.of(0),
                2,
                new Normalisation(List.of(0.5), List.of(0.25)),
                ClassList.of(List.of("cat", "", "dog")));
    }
}
