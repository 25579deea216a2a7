package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The method of the quick preset")
class QuickMethodChoiceTest {

    private static final int ENOUGH = 20_000;
    private static final int SIDE = 4;

    /** Noise, to which each class adds its own level. */
    private static Dataset dataset(int images, int classes, int side, int levelsApart) {
        ImageShape shape = new ImageShape(1, side, side);
        SplittableRandom random = new SplittableRandom(1);
        List<LabelledImage> train = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            byte[] pixels = new byte[shape.size()];
            int label = i % classes;
            for (int pixel = 0; pixel < pixels.length; pixel++) {
                pixels[pixel] = (byte) (label * levelsApart + random.nextInt(32));
            }
            train.add(new LabelledImage(Image.of(shape, pixels), label));
        }
        List<String> names =
                IntStream.range(0, classes).mapToObj(String::valueOf).toList();
        return new Dataset("folder", shape, names, Normalisation.neutral(shape), train, List.of());
    }

    @Test
    @DisplayName("is dream-plus for classes that their mean images tell apart")
    void differentMeans() {
        Dataset dataset = dataset(ENOUGH, 10, SIDE, 20);

        assertThat(QuickMethodChoice.separability(dataset, 200)).isGreaterThan(0.95);
        assertThat(QuickMethodChoice.of(dataset)).isEqualTo(Method.DREAM_PLUS);
    }

    @Test
    @DisplayName("is tgdd for classes that their mean images do not tell apart")
    void equalMeans() {
        Dataset dataset = dataset(ENOUGH, 10, SIDE, 0);

        assertThat(QuickMethodChoice.separability(dataset, 200)).isBetween(-0.05, 0.05);
        assertThat(QuickMethodChoice.of(dataset)).isEqualTo(Method.TGDD);
    }

    @Test
    @DisplayName("is dream-plus for few images and many classes, for which no comparison was made")
    void unknown() {
        assertThat(QuickMethodChoice.of(dataset(ENOUGH - 1, 10, SIDE, 0))).isEqualTo(Method.DREAM_PLUS);
        assertThat(QuickMethodChoice.of(dataset(ENOUGH, 21, SIDE, 0))).isEqualTo(Method.DREAM_PLUS);
        assertThat(QuickMethodChoice.of(dataset(ENOUGH, 1, SIDE, 0))).isEqualTo(Method.DREAM_PLUS);
    }

    @Test
    @DisplayName("is dm for large images of classes that their means do not tell apart, even if there are few")
    void large() {
        assertThat(QuickMethodChoice.of(dataset(100, 2, 33, 0))).isEqualTo(Method.DM);
        assertThat(QuickMethodChoice.of(dataset(100, 2, 33, 60))).isEqualTo(Method.DREAM_PLUS);
        assertThat(QuickMethodChoice.of(dataset(100, 1, 33, 0))).isEqualTo(Method.DREAM_PLUS);
    }
}
