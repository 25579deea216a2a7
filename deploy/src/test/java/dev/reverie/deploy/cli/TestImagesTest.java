package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The test images for a set")
class TestImagesTest {

    private static final ImageShape SHAPE = new ImageShape(1, 1, 1);
    private static final Normalisation NORMALISATION = new Normalisation(List.of(0.5), List.of(0.25));

    /** One test image per class. */
    private final Dataset clothes = dataset("T-shirt/top", "Bag", "Ankle boot");

    @Test
    @DisplayName("have the class indices of the set, in whatever order it lists the classes")
    void byName() {
        assertThat(labels(set("Ankle boot", "T-shirt/top", "Bag"))).containsExactly(1, 2, 0);
    }

    @Test
    @DisplayName("match the names of classes that a set writes without their punctuation")
    void lax() {
        assertThat(labels(set("Ankle boot", "T-shirt-top"))).containsExactly(1, 0);
    }

    @Test
    @DisplayName("match class names in the normal form that a service gives them")
    void normal() {
        Dataset sloppy = dataset("Cafe\u0301 ", "Ankle\u00a0boot");

        assertThat(TestImages.of(sloppy, set("Ankle boot", "Caf\u00e9")).images())
                .extracting(LabelledImage::label)
                .containsExactly(1, 0);
    }

    @Test
    @DisplayName("belong only to classes of the set, if it lacks some classes of the dataset")
    void some() {
        TestImages tested = TestImages.of(clothes, set("Ankle boot", "", "Bag"));

        assertThat(tested.images()).extracting(LabelledImage::label).containsExactly(2, 0);
        assertThat(tested.classes()).isEqualTo(2);
    }

    @Test
    @DisplayName("keep their indices if the set has as many classes with other names")
    void byIndex() {
        assertThat(labels(set("0", "1", "2"))).containsExactly(0, 1, 2);
    }

    @Test
    @DisplayName("keep their indices if the set has no names, even if the dataset uses numbers as names")
    void unnamed() {
        Dataset numbered = dataset("0", "10", "2");

        assertThat(TestImages.of(numbered, set("", "", "")).images())
                .extracting(LabelledImage::label)
                .containsExactly(0, 1, 2);
    }

    @Test
    @DisplayName("are unavailable for a set with more classes than the dataset")
    void tooMany() {
        assertThatThrownBy(() -> TestImages.of(clothes, set("", "", "", "")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the set has 4 classes, but clothes has only 3");
    }

    @Test
    @DisplayName("match names that a service could not distinguish")
    void raw() {
        Dataset similar = dataset("a", "a ");

        assertThat(TestImages.of(similar, set("a ", "a")).images())
                .extracting(LabelledImage::label)
                .containsExactly(1, 0);
    }

    @Test
    @DisplayName("are not divided among classes whose names differ only in punctuation")
    void alike() {
        assertThatThrownBy(() -> TestImages.of(clothes, set("T-shirt-top", "T-shirt/top", "Bag", "Ankle boot")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("contains the class 'T-shirt-top', which clothes does not have");
    }

    @Test
    @DisplayName("are unavailable for a set with a class that the dataset lacks")
    void foreign() {
        assertThatThrownBy(() -> TestImages.of(clothes, set("Bag", "cat")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("contains the class 'cat', which clothes does not have");
    }

    private List<Integer> labels(DistilledSet set) {
        return TestImages.of(clothes, set).images().stream()
                .map(LabelledImage::label)
                .toList();
    }

    private static Dataset dataset(String... names) {
        List<LabelledImage> test = IntStream.range(0, names.length)
                .mapToObj(label -> new LabelledImage(Image.of(SHAPE, new byte[1]), label))
                .toList();
        return new Dataset("clothes", SHAPE, List.of(names), NORMALISATION, test, test);
    }

    private static DistilledSet set(String... names) {
        ImageBatch none = ImageBatch.of(SHAPE, new float[0]);
        return new DistilledSet(none, List.of(), none, List.of(), 1, NORMALISATION, ClassList.of(List.of(names)));
    }
}
