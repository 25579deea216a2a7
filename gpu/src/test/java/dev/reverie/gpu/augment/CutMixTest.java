package dev.reverie.gpu.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.augment.TrainingAugmentation.TrainingBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.OneHotLabels;
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

    /** Image i is filled with the value i, so that every pixel shows its source, and has the class i. */
    private static TrainingBatch batch() {
        List<double[]> images = IntStream.range(0, COUNT)
                .mapToObj(i -> {
                    double[] image = new double[SHAPE.size()];
                    Arrays.fill(image, i);
                    return image;
                })
                .toList();
        return new TrainingBatch(
                images,
                List.of(IntStream.range(0, 5)
                        .mapToObj(label -> OneHotLabels.of(label, COUNT))
                        .toArray(double[][]::new)));
    }

    /** The other image of which image i shows a part; image i itself if there is none. */
    private static int partner(TrainingBatch batch, int i) {
        return IntStream.range(0, COUNT)
                .filter(k -> k != i && batch.targets().get(i)[k] > 0)
                .findFirst()
                .orElse(i);
    }

    @Test
    @DisplayName("weights each image by its visible area")
    void weighsByArea() {
        CutMix cutMix = new CutMix(SHAPE, 1);
        for (int round = 0; round < 200; round++) {
            TrainingBatch mixed = cutMix.mix(batch(), random);
            for (int i = 0; i < COUNT; i++) {
                for (int k = 0; k < COUNT; k++) {
                    assertThat(mixed.targets().get(i)[k])
                            .isCloseTo(share(mixed.images().get(i), k), within(1e-12));
                }
            }
        }
    }

    @Test
    @DisplayName("pastes one rectangle, the same for the whole batch and in every channel")
    void sharesTheBox() {
        CutMix cutMix = new CutMix(SHAPE, 1);
        for (int round = 0; round < 200; round++) {
            TrainingBatch mixed = cutMix.mix(batch(), random);
            List<boolean[]> masks = IntStream.range(0, COUNT)
                    .filter(i -> partner(mixed, i) != i)
                    .mapToObj(i -> foreign(mixed.images().get(i), i))
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
        TrainingBatch mixed = new CutMix(SHAPE, 1).mix(batch(), new SplittableRandom(5));

        assertThat(IntStream.range(0, COUNT).map(i -> partner(mixed, i))).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    @DisplayName("mixes soft labels in the proportions of the pixels, too")
    void mixesTargets() {
        TrainingBatch two = new TrainingBatch(
                batch().images().subList(0, 2), List.of(new double[] {0.5, 0.25, 0.25}, new double[] {0, 0.75, 0.25}));
        for (int round = 0; round < 20; round++) {
            TrainingBatch mixed = new CutMix(SHAPE, 1).mix(two, random);

            double own = share(mixed.images().getFirst(), 0);
            assertThat(mixed.targets().getFirst())
                    .containsExactly(new double[] {0.5 * own, 0.25 * own + 0.75 * (1 - own), 0.25}, within(1e-12));
        }
    }

    @Test
    @DisplayName("mixes with its probability")
    void mixesSometimes() {
        int rounds = 4000;
        CutMix cutMix = new CutMix(SHAPE, 0.5);
        int mixed = 0;
        int empty = 0;
        for (int round = 0; round < rounds; round++) {
            mixed += partner(cutMix.mix(batch(), random), 0) == 0 ? 0 : 1;
            empty += partner(new CutMix(SHAPE, 1).mix(batch(), random), 0) == 0 ? 1 : 0;
        }

        // a box may be empty, or an image its own partner: the others are what can be mixed at all
        double expected = 0.5 * (rounds - empty);
        assertThat((double) mixed).isCloseTo(expected, within(5 * Math.sqrt(rounds * 0.3)));
    }

    @Test
    @DisplayName("returns the same images with probability 0")
    void neverMixes() {
        TrainingBatch batch = batch();

        assertThat(new CutMix(SHAPE, 0).mix(batch, random)).isSameAs(batch);
    }

    @Test
    @DisplayName("leaves its input unchanged")
    void doesNotTouchItsInput() {
        TrainingBatch batch = batch();
        for (int round = 0; round < 20; round++) {
            new CutMix(SHAPE, 1).mix(batch, random);
        }

        for (int i = 0; i < COUNT; i++) {
            assertThat(batch.images().get(i)).containsOnly(i);
            assertThat(batch.targets().get(i)[i]).isEqualTo(1);
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
