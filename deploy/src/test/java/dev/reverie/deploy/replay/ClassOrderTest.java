package dev.reverie.deploy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The order of classes in a stream")
class ClassOrderTest {

    private static final ReplaySource SOURCE = source("T-shirt/top", "Coat", "2", "tench, Tinca tinca");

    @Test
    @DisplayName("is shuffled by the seed by default")
    void shuffled() {
        List<Integer> stream = ClassOrder.parse("shuffled", SOURCE.classNames()).stream(SOURCE, Integer.MAX_VALUE, 1);

        assertThat(stream).hasSize(40).doesNotHaveDuplicates();
        assertThat(labels(stream).subList(0, 20)).contains(0, 1, 2, 3);
        assertThat(ClassOrder.SHUFFLED.stream(SOURCE, Integer.MAX_VALUE, 1)).isEqualTo(stream);
        assertThat(ClassOrder.SHUFFLED.stream(SOURCE, Integer.MAX_VALUE, 2)).isNotEqualTo(stream);
    }

    @Test
    @DisplayName("can be one class after another, in the order of the dataset or any other, by name or index")
    void inTurn() {
        assertThat(classes("sequential")).containsExactly(0, 1, 2, 3);
        assertThat(classes("Coat, 0")).containsExactly(1, 0);
        assertThat(classes("2,T-shirt/top, \"tench, Tinca tinca\"")).containsExactly(2, 0, 3);
    }

    @Test
    @DisplayName("has at most the limit of images per class")
    void limited() {
        assertThat(labels(ClassOrder.SHUFFLED.stream(SOURCE, 2, 1))).containsExactlyInAnyOrder(0, 0, 1, 1, 2, 2, 3, 3);
    }

    @Test
    @DisplayName("rejects unknown and repeated classes")
    void refused() {
        assertThatThrownBy(() -> ClassOrder.parse("Coat,Shoe", SOURCE.classNames()))
                .isInstanceOf(InputException.class)
                .hasMessage("--class-order is shuffled, sequential or a list of classes; 'Shoe' is not one of"
                        + " T-shirt/top, Coat, 2, tench, Tinca tinca");
        assertThatThrownBy(() -> ClassOrder.parse("Coat,1", SOURCE.classNames()))
                .hasMessageContaining("names a class twice");
    }

    private static List<Integer> classes(String order) {
        return labels(ClassOrder.parse(order, SOURCE.classNames()).stream(SOURCE, Integer.MAX_VALUE, 1)).stream()
                .distinct()
                .toList();
    }

    private static List<Integer> labels(List<Integer> stream) {
        return stream.stream().map(SOURCE.classes()::get).toList();
    }

    private static ReplaySource source(String... classes) {
        ImageShape shape = new ImageShape(1, 8, 8);
        List<LabelledImage> train = IntStream.range(0, 10 * classes.length)
                .mapToObj(i -> new LabelledImage(Image.of(shape, new byte[64]), i % classes.length))
                .toList();
        Normalisation normalisation = new Normalisation(List.of(0.5), List.of(0.5));
        return ReplaySource.Arrays.of(new Dataset("tiny", shape, List.of(classes), normalisation, train, train));
    }
}
