package dev.reverie.gpu.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.augment.CutMix.ImageMix;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CutMixTest {

    private static final ImageShape SHAPE = new ImageShape(2, 10, 8);
    private static final int COUNT = 5;

    private final RandomGenerator random = new SplittableRandom(1);

    /** Image i is filled with the value i, so that every pixel shows its source. */
    private static List<double[]> batch() {
        return IntStream.range(0, COUNT)
                .mapToObj(i -> {
                    double[] image = new double[SHAPE.size()];
                    Arrays.fill(image, i);
                    return image;
                })
                .toList();
    }

    @Test
    @DisplayName("weights each image by its visible area")
    void weighsByArea() {
        CutMix cutMix = new CutMix(SHAPE, 1);
        for (int round = 0; round < 200; round++) {
            CutMix.Mixture mixture = cutMix.mix(batch(), random);
            for (int i = 0; i < COUNT; i++) {
                ImageMix mix = mixture.mixes().get(i);
                double own = share(mixture.images().get(i), i);
                double pasted = share(mixture.images().get(i), mix.partner());

                if (mix.partner() == i) {
                    assertThat(own).isEqualTo(1);
                } else {
                    assertThat(own).isCloseTo(mix.weight(), within(1e-12));
                    assertThat(pasted).isCloseTo(1 - mix.weight(), within(1e-12));
                }
            }
        }
    }

    @Test
    @DisplayName("pastes one rectangle, the same for the whole batch and in every channel")
    void sharesTheBox() {
        CutMix cutMix = new CutMix(SHAPE, 1);
        for (int round = 0; round < 200; round++) {
            CutMix.Mixture mixture = cutMix.mix(batch(), random);
            List<boolean[]> masks = IntStream.range(0, COUNT)
                    .filter(i -> mixture.mixes().get(i).partner() != i)
                    .mapToObj(i -> foreign(mixture.images().get(i), i))
                    .toList();

            assertThat(masks).allSatisfy(mask -> {
                assertThat(mask).isEqualTo(masks.getFirst());
                assertRectangle(mask);
            });
        }
    }

    @Test
    @DisplayName("uses every image of the batch as a source exactly once")
    void permutes() {
        CutMix.Mixture mixture = new CutMix(SHAPE, 1).mix(batch(), new SplittableRandom(5));

        assertThat(mixture.mixes().stream().map(ImageMix::partner)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    @DisplayName("mixes the labels of two images, hard or soft, in the proportions of their pixels")
    void mixesTargets() {
        assertThat(new ImageMix(1, 0.75).target(new double[] {0, 0, 1}, new double[] {1, 0, 0}))
                .containsExactly(0.25, 0, 0.75);
        assertThat(new ImageMix(1, 0.5).target(new double[] {0.5, 0.25, 0.25}, new double[] {0, 0.75, 0.25}))
                .containsExactly(0.25, 0.5, 0.25);
    }

    @Test
    @DisplayName("mixes with its probability")
    void mixesSometimes() {
        int rounds = 4000;
        CutMix cutMix = new CutMix(SHAPE, 0.5);
        int mixed = 0;
        int empty = 0;
        for (int round = 0; round < rounds; round++) {
            mixed += cutMix.mix(batch(), random).mixes().getFirst().weight() < 1 ? 1 : 0;
            empty +=
                    new CutMix(SHAPE, 1).mix(batch(), random).mixes().getFirst().weight() < 1 ? 0 : 1;
        }

        // A box may be empty: the remaining share of all batches is what can be mixed at all.
        double expected = 0.5 * (rounds - empty);
        assertThat((double) mixed).isCloseTo(expected, within(5 * Math.sqrt(rounds * 0.3)));
    }

    @Test
    @DisplayName("returns the same images with probability 0")
    void neverMixes() {
        List<double[]> images = batch();

        CutMix.Mixture mixture = new CutMix(SHAPE, 0).mix(images, random);

        assertThat(mixture.images()).containsExactlyElementsOf(images);
        assertThat(mixture.mixes()).allSatisfy(mix -> assertThat(mix.weight()).isEqualTo(1));
    }

    @Test
    @DisplayName("leaves its input unchanged")
    void doesNotTouchItsInput() {
        List<double[]> images = batch();
        for (int round = 0; round < 20; round++) {
            new CutMix(SHAPE, 1).mix(images, random);
        }

        for (int i = 0; i < images.size(); i++) {
            assertThat(images.get(i)).containsOnly(i);
        }
    }

    @Test
    @DisplayName("refuses a probability outside [0, 1]")
    void refusesBadInput() {
        assertThatThrownBy(() -> new CutMix(SHAPE, Double.NaN)).hasMessageContaining("between 0 and 1, got NaN");
    }

    private static double share(double[] image, int value) {
        return Arrays.stream(image).filter(pixel -> pixel == value).count() / (double) image.length;
    }

    private static boolean[] foreign(double[] image, int own) {
        boolean[] mask = new boolean[image.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = image[i] != own;
        }
        return mask;
    }

    private static void assertRectangle(boolean[] mask) {
        int plane = SHAPE.planeSize();
        List<Integer> set =
                IntStream.range(0, plane).filter(i -> mask[i]).boxed().toList();
        int rows = (int) set.stream().map(i -> i / SHAPE.width()).distinct().count();
        int columns = (int) set.stream().map(i -> i % SHAPE.width()).distinct().count();
        assertThat(set).hasSize(rows * columns);
        for (int i = 0; i < mask.length; i++) {
            assertThat(mask[i]).isEqualTo(mask[i % plane]);
        }
    }
}
