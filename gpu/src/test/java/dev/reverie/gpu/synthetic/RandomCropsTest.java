package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Random crops")
class RandomCropsTest {

    private static final ImageShape SHAPE = new ImageShape(2, 8, 8);

    /** The first channel grows from left to right, the second from top to bottom, from 0 to 224. */
    private static final Image RAMP = ramp();

    private static Image ramp() {
        byte[] levels = new byte[SHAPE.size()];
        for (int i = 0; i < levels.length; i++) {
            int place = i < SHAPE.planeSize() ? i % 8 : i % 64 / 8;
            levels[i] = (byte) (32 * place);
        }
        return Image.of(SHAPE, levels);
    }

    @Test
    @DisplayName("show a square part of the image, enlarged, never turned or mirrored")
    void showsParts() {
        ImageBatch crops = RandomCrops.of(Collections.nCopies(40, RAMP), 1, 1).seen();

        assertThat(crops.count()).isEqualTo(200);
        double[] reaches =
                IntStream.range(0, 200).mapToDouble(i -> reach(crops.values(i))).toArray();
        for (int i = 0; i < 200; i++) {
            double[] crop = crops.values(i);
            assertThat(DoubleStream.of(crop).limit(8).toArray()).isSorted();
            assertThat(crop[0]).isEqualTo(crop[8 * 7]); // the first channel is the same in every row
            assertThat(crop[64]).isEqualTo(crop[64 + 7]); // the second is the same in every column
            // as far across as down: a square
            assertThat(crop[7] - crop[0]).isCloseTo(crop[64 + 56] - crop[64], offset(1e-6));
        }
        // of a side of 8 pixels between 2 and 8 are seen
        assertThat(DoubleStream.of(reaches).min().orElseThrow()).isBetween(0.1, 0.3);
        assertThat(DoubleStream.of(reaches).max().orElseThrow()).isBetween(0.7, 0.9);
    }

    private static double reach(double[] crop) {
        return crop[7] - crop[0];
    }

    @Test
    @DisplayName("are reduced to at most one per image, with the smallest losses, best first")
    void keepsTheBest() {
        Image dark = Image.of(SHAPE, new byte[SHAPE.size()]);
        RandomCrops crops = RandomCrops.of(List.of(RAMP, dark, RAMP), 1, 2);
        ImageBatch seen = crops.seen();

        // crop 12 is the third one of the last image, crop 3 the fourth of the first
        List<Image> best = crops.best(2, crop -> crop == 12 ? 0 : crop == 3 ? 1 : 10.0 + crop);

        assertThat(best).hasSize(2);
        assertThat(ImageBatch.of(best).values(0)).containsExactly(seen.values(12));
        assertThat(ImageBatch.of(best).values(1)).containsExactly(seen.values(3));
        assertThat(crops.best(3, crop -> -1.0 * crop)).hasSize(3);
    }

    @Test
    @DisplayName("are composed into cells whose pixels are means, so that fine patterns do not become coarse ones")
    void averagesPixels() {
        double[] crop = RandomCrops.of(List.of(RAMP), 1, 3).seen().values(0);
        Image averaged =
                RandomCrops.of(List.of(RAMP), 2, 3).best(1, index -> index).getFirst();

        double[] composed = MultiFormation.of(2, SHAPE)
                .compose(Collections.nCopies(4, averaged))
                .values(0);

        for (int row = 0; row < 4; row++) {
            for (int column = 0; column < 4; column++) {
                int first = 16 * row + 2 * column;
                double mean = (crop[first] + crop[first + 1] + crop[first + 8] + crop[first + 9]) / 4;
                assertThat(composed[8 * row + column]).isCloseTo(mean, offset(0.005)); // both are rounded to levels
            }
        }
    }

    @Test
    @DisplayName("are evaluated as they will be decoded, and equal for equal seeds")
    void seenAsDecoded() {
        RandomCrops crops = RandomCrops.of(List.of(RAMP), 2, 3);
        MultiFormation formation = MultiFormation.of(2, SHAPE);
        List<Image> one = crops.best(1, crop -> crop);

        double[] decoded = formation
                .decode(formation.compose(List.of(one.get(0), one.get(0), one.get(0), one.get(0))))
                .values(0);

        assertThat(crops.seen().values(0)).containsExactly(decoded);
        assertThat(crops.seen().toArray())
                .isEqualTo(RandomCrops.of(List.of(RAMP), 2, 3).seen().toArray())
                .isNotEqualTo(RandomCrops.of(List.of(RAMP), 2, 4).seen().toArray());
    }
}
