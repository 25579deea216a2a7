package dev.reverie.gpu.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.augment.MosaicAugmentation.ShuffledPatches;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PrimitivesTest {

    private static final double EXACT = 1e-12;
    private static final ImageShape GREY_2X2 = new ImageShape(1, 2, 2);
    private static final ImageShape GREY_4X4 = new ImageShape(1, 4, 4);
    private static final ImageShape COLOUR_2X2 = new ImageShape(3, 2, 2);
    private static final ImageShape COLOUR_6X5 = new ImageShape(3, 6, 5);

    private static Stream<Arguments> maps() {
        Normalisation normalisation = new Normalisation(List.of(0.5, 0.4, 0.3), List.of(0.2, 0.3, 0.25));
        return Stream.of(
                Arguments.of("brightness", new ColourJitter(COLOUR_6X5, 0.3, 1, 1)),
                Arguments.of("saturation", new ColourJitter(COLOUR_6X5, 0, 1.7, 1)),
                Arguments.of("contrast", new ColourJitter(COLOUR_6X5, 0, 1, 0.6)),
                Arguments.of("colour", new ColourJitter(COLOUR_6X5, -0.2, 0.4, 1.3)),
                Arguments.of("crop down right", new Crop(COLOUR_6X5, 1, 1)),
                Arguments.of("crop up left", new Crop(COLOUR_6X5, -2, -1)),
                Arguments.of("crop out of the image", new Crop(COLOUR_6X5, 0, 7)),
                Arguments.of("cutout", new Cutout(COLOUR_6X5, -1, 3, 3, 3)),
                Arguments.of("flip", new Flip(COLOUR_6X5)),
                Arguments.of("shrink", BilinearSampling.scale(COLOUR_6X5, 1.2, 1.1)),
                Arguments.of("enlarge", BilinearSampling.scale(COLOUR_6X5, 0.85, 0.9)),
                Arguments.of("rotate", BilinearSampling.rotation(COLOUR_6X5, 15)),
                Arguments.of("rotate back", BilinearSampling.rotation(COLOUR_6X5, -15)),
                Arguments.of("resized crop", BilinearSampling.resizedCrop(COLOUR_6X5, 1, 2, 4, 2)),
                Arguments.of("resized crop of a corner", BilinearSampling.resizedCrop(COLOUR_6X5, 5, 4, 1, 1)),
                Arguments.of(
                        "shuffled patches",
                        new ShuffledPatches(COLOUR_6X5, new int[] {3, 4, 5, 0, 1, 2}, new int[] {2, 3, 4, 0, 1})),
                Arguments.of("normalise", NormaliseTransform.of(normalisation, COLOUR_6X5)),
                Arguments.of(
                        "normalise then rotate then cut out",
                        NormaliseTransform.of(normalisation, COLOUR_6X5)
                                .then(BilinearSampling.rotation(COLOUR_6X5, 7))
                                .then(new Cutout(COLOUR_6X5, 2, 2, 3, 3))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("maps")
    @DisplayName("the adjoint is that of the map, and neither direction changes its argument")
    void hasItsAdjoint(String name, AffineImageTransform map) {
        AffineMaps.assertDifferentiable(map, COLOUR_6X5);
    }

    @Nested
    class Colours {

        private final double[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

        @Test
        @DisplayName("brightness adds the same to every value")
        void brightens() {
            assertThat(new ColourJitter(GREY_2X2, 0.25, 1, 1).apply(new double[] {0, 1, 2, 3}))
                    .containsExactly(new double[] {0.25, 1.25, 2.25, 3.25}, within(EXACT));
        }

        @Test
        @DisplayName("saturation scales the distance to each pixel's own grey")
        void saturates() {
            assertThat(new ColourJitter(COLOUR_2X2, 0, 2, 1).apply(image))
                    .containsExactly(new double[] {-3, -2, -1, 0, 5, 6, 7, 8, 13, 14, 15, 16}, within(EXACT));
        }

        @Test
        @DisplayName("saturation leaves a grey image unchanged")
        void cannotSaturateGrey() {
            assertThat(new ColourJitter(GREY_2X2, 0, 1.9, 1).apply(new double[] {0, 1, 2, 3}))
                    .containsExactly(new double[] {0, 1, 2, 3}, within(EXACT));
        }

        @Test
        @DisplayName("contrast scales the distance to the mean of the image")
        void contrasts() {
            assertThat(new ColourJitter(GREY_2X2, 0, 1, 0.5).apply(new double[] {0, 1, 2, 5}))
                    .containsExactly(new double[] {1, 1.5, 2, 3.5}, within(EXACT));
        }

        @Test
        @DisplayName("one pass applies brightness, then saturation, then contrast")
        void fusesTheThree() {
            double[] apart = new ColourJitter(COLOUR_2X2, 0.3, 1, 1)
                    .then(new ColourJitter(COLOUR_2X2, 0, 1.6, 1))
                    .then(new ColourJitter(COLOUR_2X2, 0, 1, 0.7))
                    .apply(image);

            assertThat(new ColourJitter(COLOUR_2X2, 0.3, 1.6, 0.7).apply(image)).containsExactly(apart, within(EXACT));
        }
    }

    @Nested
    class Geometry {

        private final double[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

        @Test
        @DisplayName("crop shows the part below and to the right, and zeros beyond the border")
        void crops() {
            assertThat(new Crop(GREY_4X4, 1, 2).apply(image))
                    .containsExactly(7, 8, 0, 0, 11, 12, 0, 0, 15, 16, 0, 0, 0, 0, 0, 0);
            assertThat(new Crop(GREY_4X4, -1, -2).apply(image))
                    .containsExactly(0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 5, 6, 0, 0, 9, 10);
        }

        @Test
        @DisplayName("cutout clears its window in every channel and nothing else")
        void cutsOut() {
            double[] expected = {1, 2, 3, 4, 5, 0, 0, 8, 9, 0, 0, 12, 13, 14, 15, 16};
            assertThat(new Cutout(GREY_4X4, 1, 1, 2, 2).apply(image)).containsExactly(expected);

            assertThat(new Cutout(COLOUR_2X2, 0, 1, 1, 1).apply(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}))
                    .containsExactly(1, 0, 3, 4, 5, 0, 7, 8, 9, 0, 11, 12);
        }

        @Test
        @DisplayName("a cutout window is clipped at the border")
        void clipsTheCutout() {
            assertThat(new Cutout(GREY_4X4, -1, 3, 2, 2).apply(image))
                    .containsExactly(1, 2, 3, 0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        }

        @Test
        @DisplayName("flip exchanges left and right")
        void flips() {
            assertThat(new Flip(GREY_4X4).apply(image))
                    .containsExactly(4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 16, 15, 14, 13);
        }

        @Test
        @DisplayName("a scale of 2 samples every second pair of pixels, with half a pixel of zeros at the border")
        void shrinks() {
            // Columns -0.75, -0.25, 0.25, 0.75 become -1.5 .. 1.5, that is pixel -1.5, 0.5, 2.5, 4.5 of 0..3.
            assertThat(BilinearSampling.scale(GREY_4X4, 2, 2).apply(image))
                    .containsExactly(
                            new double[] {0, 0, 0, 0, 0, 3.5, 5.5, 0, 0, 11.5, 13.5, 0, 0, 0, 0, 0}, within(EXACT));
        }

        @Test
        @DisplayName("a horizontal scale of 1.2 moves the outer columns by 0.3 pixels into the zeros")
        void blendsWithTheOutside() {
            // Columns -0.75, -0.25 become -0.9, -0.3: pixel -0.3 and 0.9.
            double[] row = {10, 20, 30, 40};
            assertThat(BilinearSampling.scale(new ImageShape(1, 1, 4), 1.2, 1).apply(row))
                    .containsExactly(new double[] {7, 19, 31, 28}, within(EXACT));
        }

        @Test
        @DisplayName("a quarter turn takes each pixel from the rotated grid point")
        void turns() {
            // (x, y) looks at (-y, x): the top left corner shows the top right one.
            assertThat(BilinearSampling.rotation(GREY_4X4, 90).apply(image))
                    .containsExactly(
                            new double[] {4, 8, 12, 16, 3, 7, 11, 15, 2, 6, 10, 14, 1, 5, 9, 13}, within(EXACT));
        }

        @Test
        @DisplayName("a small turn interpolates between four pixels")
        void turnsALittle() {
            // The top left of 2x2, at (-1/2, -1/2), looks at ((s - c) / 2, (-s - c) / 2), above the first row.
            double c = Math.cos(Math.toRadians(10));
            double s = Math.sin(Math.toRadians(10));
            double column = (1 + s - c) / 2;
            double row = (1 - s - c) / 2;
            double expected = (1 + row) * ((1 - column) * 1 + column * 2);

            assertThat(BilinearSampling.rotation(GREY_2X2, 10).apply(new double[] {1, 2, 3, 4})[0])
                    .isCloseTo(expected, within(EXACT));
        }
    }

    @Nested
    class Normalising {

        @Test
        @DisplayName("subtracts the mean and divides by the standard deviation of each channel")
        void normalises() {
            ImageShape shape = new ImageShape(2, 1, 2);
            NormaliseTransform normalise =
                    NormaliseTransform.of(new Normalisation(List.of(0.5, 1.0), List.of(0.5, 2.0)), shape);

            assertThat(normalise.apply(new double[] {0, 1, 1, 5})).containsExactly(-1, 1, 0, 2);
            assertThat(normalise.adjoint(new double[] {1, 1, 1, 1})).containsExactly(2, 2, 0.5, 0.5);
        }

        @Test
        @DisplayName("refuses constants for another number of channels")
        void wantsOneConstantAChannel() {
            Normalisation grey = new Normalisation(List.of(0.5), List.of(0.5));

            assertThatThrownBy(() -> NormaliseTransform.of(grey, COLOUR_2X2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a 3x2x2 image needs one mean and std for each channel, got 1");
        }
    }

    @Test
    @DisplayName("composing with the identity adds nothing")
    void identityIsNeutral() {
        AffineImageTransform flip = new Flip(GREY_2X2);

        assertThat(AffineImageTransform.identity().then(flip)).isSameAs(flip);
        assertThat(flip.then(AffineImageTransform.identity())).isSameAs(flip);
    }
}
