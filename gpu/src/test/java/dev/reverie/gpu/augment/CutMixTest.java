package dev.reverie.gpu.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
    private static final int[] LABELS = {0, 1, 2, 3, 4};

    private final RandomGenerator random = new SplittableRandom(1);

    /** Image i is filled with the value i, so that every pixel tells where it came from. */
    private static List<double[]> batch() {
        return IntStream.range(0, LABELS.length)
                .mapToObj(i -> {
                    double[] image = new double[SHAPE.size()];
                    Arrays.fill(image, i);
                    return image;
                })
                .toList();
    }

    @Test
    @DisplayName("weights each label by the area that shows it")
    void weighsByArea() {
        CutMix cutMix = new CutMix(SHAPE, 1);
        for (int round = 0; round < 200; round++) {
            CutMix.Mixture mixture = cutMix.mix(batch(), LABELS, random);
            for (int i = 0; i < LABELS.length; i++) {
                SoftTarget target = mixture.targets().get(i);
                double own = share(mixture.images().get(i), target.label());
                double pasted = share(mixture.images().get(i), target.other());

                assertThat(target.label()).isEqualTo(i);
                if (target.other() == target.label()) {
                    assertThat(own).isEqualTo(1);
                } else {
                    assertThat(own).isCloseTo(target.weight(), within(1e-12));
                    assertThat(pasted).isCloseTo(1 - target.weight(), within(1e-12));
                }
            }
        }
    }

    @Test
    @DisplayName("pastes one rectangle, the same for the whole batch and in every channel")
    void sharesTheBox() {
        CutMix cutMix = new CutMix(SHAPE, 1);
        for (int round = 0; round < 200; round++) {
            CutMix.Mixture mixture = cutMix.mix(batch(), LABELS, random);
            List<boolean[]> masks = IntStream.range(0, LABELS.length)
                    .filter(i -> mixture.targets().get(i).other() != i)
                    .mapToObj(i -> foreign(mixture.images().get(i), i))
                    .toList();

            assertThat(masks).allSatisfy(mask -> {
                assertThat(mask).isEqualTo(masks.getFirst());
                assertRectangle(mask);
            });
        }
    }

    @Test
    @DisplayName("gives every image of the batch away exactly once")
    void permutes() {
        CutMix.Mixture mixture = new CutMix(SHAPE, 1).mix(batch(), LABELS, new SplittableRandom(5));

        assertThat(mixture.targets().stream().map(SoftTarget::other)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    @DisplayName("a target spreads its weight over its two classes")
    void isADistribution() {
        assertThat(new SoftTarget(2, 0, 0.75).distribution(3)).containsExactly(0.25, 0, 0.75);
        assertThat(new SoftTarget(1, 1, 0.75).distribution(3)).containsExactly(0, 1, 0);
        assertThat(SoftTarget.pure(0).distribution(2)).containsExactly(1, 0);
    }

    @Test
    @DisplayName("mixes as often as its probability says")
    void mixesSometimes() {
        int rounds = 4000;
        CutMix cutMix = new CutMix(SHAPE, 0.5);
        int mixed = 0;
        int empty = 0;
        for (int round = 0; round < rounds; round++) {
            mixed += cutMix.mix(batch(), LABELS, random).targets().getFirst().weight() < 1 ? 1 : 0;
            empty += new CutMix(SHAPE, 1)
                                    .mix(batch(), LABELS, random)
                                    .targets()
                                    .getFirst()
                                    .weight()
                            < 1
                    ? 0
                    : 1;
        }

        // A box may be empty: the remaining share of all batches is what can be mixed at all.
        double expected = 0.5 * (rounds - empty);
        assertThat((double) mixed).isCloseTo(expected, within(5 * Math.sqrt(rounds * 0.3)));
    }

    @Test
    @DisplayName("with probability 0 hands back the very images with pure targets")
    void neverMixes() {
        List<double[]> images = batch();

        CutMix.Mixture mixture = new CutMix(SHAPE, 0).mix(images, LABELS, random);

        assertThat(mixture.images()).containsExactlyElementsOf(images);
        assertThat(mixture.targets())
                .containsExactlyElementsOf(
                        IntStream.of(LABELS).mapToObj(SoftTarget::pure).toList());
    }

    @Test
    @DisplayName("leaves the images that came in as they are")
    void doesNotTouchItsInput() {
        List<double[]> images = batch();
        for (int round = 0; round < 20; round++) {
            new CutMix(SHAPE, 1).mix(images, LABELS, random);
        }

        for (int i = 0; i < images.size(); i++) {
            assertThat(images.get(i)).containsOnly(i);
        }
    }

    @Test
    @DisplayName("refuses a probability that is none, and labels that do not fit")
    void refusesBadInput() {
        assertThatThrownBy(() -> new CutMix(SHAPE, Double.NaN)).hasMessageContaining("between 0 and 1, got NaN");
        assertThatThrownBy(() -> new CutMix(SHAPE, 1).mix(batch(), new int[] {1}, random))
                .hasMessage("want one label for each image, got 1 for 5");
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
