package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Multi-formation")
class MultiFormationTest {

    private static final double EXACT = 1e-12;
    private static final double FLOAT = 1e-6;
    private static final ImageShape GREY_4X4 = new ImageShape(1, 4, 4);
    private static final ImageShape GREY_5X5 = new ImageShape(1, 5, 5);

    private static double[] noise(int length, long seed) {
        return new SplittableRandom(seed).doubles(length, -1, 1).toArray();
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    @Nested
    @DisplayName("decoding a stored image")
    class Decoding {

        private final double[] stored = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

        @Test
        @DisplayName("enlarges a cell bilinearly with half-pixel centres and repeated edges")
        void enlarges() {
            // Along a side of two pixels a, b: a, (3a + b) / 4, (a + 3b) / 4, b. The cell is 3 4 / 7 8.
            assertThat(MultiFormation.of(2, GREY_4X4).decode(stored, 1))
                    .containsExactly(
                            new double[] {3, 3.25, 3.75, 4, 4, 4.25, 4.75, 5, 6, 6.25, 6.75, 7, 7, 7.25, 7.75, 8},
                            within(EXACT));
        }

        @Test
        @DisplayName("counts cells row by row")
        void countsCells() {
            MultiFormation formation = MultiFormation.of(2, GREY_4X4);

            assertThat(List.of(0, 1, 2, 3).stream().map(cell -> formation.decode(stored, cell)[0]))
                    .containsExactly(1.0, 3.0, 9.0, 11.0);
        }

        @Test
        @DisplayName("pads with mid grey on the right and at the bottom if the factor does not divide the side")
        void pads() {
            // Side 5, factor 2: cells of 3 pixels, the last of 2 and one of padding. Outputs lie at
            // -0.2 (so 0), 0.4, 1.0, 1.6, 2.2 (so 2).
            double[] row = {0, 0, 0, 10, 20};
            double[] image = new double[25];
            for (int i = 0; i < 5; i++) {
                System.arraycopy(row, 0, image, i * 5, 5);
            }
            assertThat(Arrays.copyOf(MultiFormation.of(2, GREY_5X5).decode(image, 1), 5))
                    .containsExactly(new double[] {10, 14, 20, 20 - 0.6 * 19.5, 0.5}, within(EXACT));
            assertThat(MultiFormation.of(2, GREY_5X5).decode(image, 3)[24]).isCloseTo(0.5, within(EXACT));
        }

        @Test
        @DisplayName("factor 1 is the image itself")
        void factorOne() {
            assertThat(MultiFormation.of(1, GREY_4X4).decode(stored, 0)).containsExactly(stored);
        }

        @Test
        @DisplayName("a batch is cell-major: one cell of every stored image, then the next cell")
        void ordersBatches() {
            float[] values = new float[3 * 16];
            for (int i = 0; i < values.length; i++) {
                values[i] = i;
            }
            MultiFormation formation = MultiFormation.of(2, GREY_4X4);
            ImageBatch batch = ImageBatch.of(GREY_4X4, values);

            ImageBatch decoded = formation.decode(batch);

            assertThat(decoded.count()).isEqualTo(12);
            double[] image = new double[16];
            double[] source = new double[16];
            for (int index = 0; index < 12; index++) {
                decoded.copyTo(index, image);
                batch.copyTo(index % 3, source);
                assertThat(formation.storedOf(index, 3)).isEqualTo(index % 3);
                assertThat(formation.cellOf(index, 3)).isEqualTo(index / 3);
                assertThat(image).containsExactly(formation.decode(source, index / 3), within(1e-5));
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, 5})
        @DisplayName("refuses a factor below 1 or above the sides of an image")
        void refusesBadFactors(int factor) {
            assertThatThrownBy(() -> MultiFormation.of(factor, GREY_4X4))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the multi-formation factor (--factor) for 1x4x4 images must be from 1 to 4, got "
                            + factor);
        }
    }

    @Nested
    @DisplayName("the adjoint")
    class Adjoint {

        @ParameterizedTest(name = "factor {0}, {1}x{2}x{3}")
        @CsvSource({"1,1,4,4", "2,1,4,4", "2,3,8,8", "2,1,5,5", "3,1,28,28", "3,2,7,5", "4,1,5,5", "5,1,5,5", "3,1,4,4"
        })
        @DisplayName("satisfies <Ax - A0, y> = <x, A'y> for every cell")
        void isTransposed(int factor, int channels, int height, int width) {
            ImageShape shape = new ImageShape(channels, height, width);
            MultiFormation formation = MultiFormation.of(factor, shape);
            double[] x = noise(shape.size(), 1);
            double[] y = noise(shape.size(), 2);
            for (int cell = 0; cell < formation.cells(); cell++) {
                double[] adjoint = new double[shape.size()];
                formation.addAdjoint(y, cell, adjoint);
                double[] constant = formation.decode(new double[shape.size()], cell);

                double forward = dot(formation.decode(x, cell), y) - dot(constant, y);

                assertThat(dot(x, adjoint)).isCloseTo(forward, within(EXACT * shape.size()));
            }
        }

        @Test
        @DisplayName("agrees with central differences")
        void agreesWithDifferences() {
            MultiFormation formation = MultiFormation.of(2, GREY_5X5);
            double[] x = noise(25, 1);
            double[] y = noise(25, 2);
            double step = 1e-3;
            for (int cell = 0; cell < 4; cell++) {
                double[] adjoint = new double[25];
                formation.addAdjoint(y, cell, adjoint);
                for (int i = 0; i < 25; i++) {
                    double[] up = x.clone();
                    double[] down = x.clone();
                    up[i] += step;
                    down[i] -= step;
                    double difference =
                            (dot(formation.decode(up, cell), y) - dot(formation.decode(down, cell), y)) / (2 * step);
                    assertThat(adjoint[i]).isCloseTo(difference, within(1e-6 * Math.max(Math.abs(difference), 1e-3)));
                }
            }
        }

        @Test
        @DisplayName("adds to the target, so that the cells of a stored image are summed")
        void accumulates() {
            MultiFormation formation = MultiFormation.of(2, GREY_4X4);
            double[] ones = new double[16];
            Arrays.fill(ones, 1);
            double[] gradient = new double[16];
            for (int cell = 0; cell < 4; cell++) {
                formation.addAdjoint(ones, cell, gradient);
            }

            // Each of 4 x 16 decoded pixels is a mean of stored ones, and all stored ones count alike.
            assertThat(gradient).containsExactly(filled(16, 4), within(EXACT));
        }

        private double[] filled(int length, double value) {
            double[] values = new double[length];
            Arrays.fill(values, value);
            return values;
        }
    }

    @Nested
    @DisplayName("composing a stored image")
    class Composing {

        private Image ramp(ImageShape shape, int start) {
            byte[] levels = new byte[shape.size()];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = (byte) (start + i);
            }
            return Image.of(shape, levels);
        }

        private float[] levels(ImageBatch batch) {
            float[] values = batch.toArray();
            for (int i = 0; i < values.length; i++) {
                values[i] *= 255;
            }
            return values;
        }

        @Test
        @DisplayName("combines every second pixel of four images into one")
        void composes() {
            List<Image> real = List.of(ramp(GREY_4X4, 0), ramp(GREY_4X4, 100), ramp(GREY_4X4, 200), ramp(GREY_4X4, 50));

            assertThat(levels(MultiFormation.of(2, GREY_4X4).compose(real)))
                    .containsExactly(
                            new float[] {0, 2, 100, 102, 8, 10, 108, 110, 200, 202, 50, 52, 208, 210, 58, 60},
                            within(1e-4f));
        }

        @Test
        @DisplayName("makes the first cells one pixel longer if the factor does not divide the side")
        void composesUnevenly() {
            // Side 5, factor 2: cells of 3 and 2 pixels; nearest pixels 0 1 3 and 0 2.
            List<Image> real = List.of(ramp(GREY_5X5, 0), ramp(GREY_5X5, 100), ramp(GREY_5X5, 200), ramp(GREY_5X5, 50));

            float[] stored = levels(MultiFormation.of(2, GREY_5X5).compose(real));

            assertThat(Arrays.copyOfRange(stored, 0, 10))
                    .containsExactly(new float[] {0, 1, 3, 100, 102, 5, 6, 8, 105, 107}, within(1e-4f));
            assertThat(Arrays.copyOfRange(stored, 15, 25))
                    .containsExactly(new float[] {200, 201, 203, 50, 52, 210, 211, 213, 60, 62}, within(1e-4f));
        }

        @Test
        @DisplayName("distributes the images in order: chunk k fills cell k of all stored images")
        void dealsInChunks() {
            List<Image> real = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                byte[] levels = new byte[16];
                Arrays.fill(levels, (byte) i);
                real.add(Image.of(GREY_4X4, levels));
            }

            float[] stored = levels(MultiFormation.of(2, GREY_4X4).compose(real));

            assertThat(new float[] {stored[0], stored[2], stored[8], stored[10]})
                    .containsExactly(new float[] {0, 2, 4, 6}, within(1e-4f));
            assertThat(new float[] {stored[16], stored[18], stored[24], stored[26]})
                    .containsExactly(new float[] {1, 3, 5, 7}, within(1e-4f));
        }

        @Test
        @DisplayName("with factor 1 stores the images unchanged")
        void copies() {
            Image image = ramp(GREY_4X4, 7);
            double[] expected = new double[16];
            image.copyTo(expected);
            double[] stored = new double[16];
            MultiFormation.of(1, GREY_4X4).compose(List.of(image)).copyTo(0, stored);

            assertThat(stored).containsExactly(expected, within(FLOAT));
        }

        @Test
        @DisplayName("refuses a number of images that does not fill the cells")
        void refusesIncompleteCells() {
            assertThatThrownBy(() -> MultiFormation.of(2, GREY_4X4).compose(List.of(ramp(GREY_4X4, 0))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("multiple of 4 real images")
                    .hasMessageContaining("got 1");
        }
    }
}
