package dev.reverie.lab.continual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A memory of learned and real images")
class MixedMemoryTest {

    private static final ImageShape PIXEL = new ImageShape(1, 1, 1);

    @Test
    @DisplayName("joins the images of a class by its name, grouped by class")
    void joins() {
        DistilledSet learned = set(List.of("a", "b"), List.of(0, 1), 10, 20);
        DistilledSet real = set(List.of("b", "a"), List.of(0, 1), 21, 11);

        DistilledSet mixed = MixedMemory.of(List.of(learned), List.of(real), MemoryBudget.perClass(2))
                .getFirst();

        assertThat(mixed.classes().names()).containsExactly("b", "a");
        assertThat(mixed.labels()).containsExactly(0, 0, 1, 1);
        assertThat(mixed.images().toImages())
                .extracting(image -> image.level(0))
                .containsExactly(20, 21, 10, 11);
        assertThat(mixed.storedBytes()).isEqualTo(4);
    }

    @Test
    @DisplayName("gives half of a budget to learned images, and an odd image too")
    void halves() {
        assertThat(MixedMemory.learned(budget(5, 11))).isEqualTo(budget(3, 6));
    }

    @Test
    @DisplayName("fills what the learned images leave of a class's share with its first real images")
    void fills() {
        DistilledSet learned = set(List.of("a", "b"), List.of(0, 1), 10, 20);
        DistilledSet real = set(List.of("a", "b"), List.of(0, 0, 0, 1, 1), 11, 12, 13, 21, 22);

        DistilledSet mixed =
                MixedMemory.of(List.of(learned), List.of(real), budget(5, 7)).getFirst();

        assertThat(mixed.images().toImages())
                .extracting(image -> image.level(0))
                .containsExactly(10, 11, 12, 20, 21, 22);
    }

    private static MemoryBudget budget(int imagesPerClass, int totalImages) {
        return new MemoryBudget(imagesPerClass, Coding.LOSSLESS, OptionalInt.of(totalImages), OptionalLong.empty());
    }

    private static DistilledSet set(List<String> names, List<Integer> labels, int... levels) {
        List<LabelledImage> samples = IntStream.range(0, levels.length)
                .mapToObj(i -> new LabelledImage(Image.of(PIXEL, new byte[] {(byte) levels[i]}), labels.get(i)))
                .toList();
        return DistilledSet.of(samples, new Normalisation(List.of(0.5), List.of(0.5)), names);
    }
}
