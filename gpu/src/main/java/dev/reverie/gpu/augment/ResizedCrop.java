package dev.reverie.gpu.augment;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.random.RandomGenerator;

/** Enlarges a part of an image to full size by bilinear interpolation; the edges of the part are repeated. */
final class ResizedCrop extends BilinearSampling {

    private static final int TRIES = 10;
    private static final double WIDEST = 4.0 / 3;

    /**
     * Creates the map of a part of an image.
     *
     * @param top first row of the part
     * @param left first column of the part
     * @param height rows of the part, at least 1 and at most those of the image from {@code top} on
     * @param width columns of the part, at least 1 and at most those of the image from {@code left} on
     */
    ResizedCrop(ImageShape shape, int top, int left, int height, int width) {
        super(shape, new Grid() {
            @Override
            public double row(int row, int column) {
                return top + position(row, height, shape.height());
            }

            @Override
            public double column(int row, int column) {
                return left + position(column, width, shape.width());
            }
        });
    }

    /** The position of a pixel of the result within {@code inputs} pixels. */
    private static double position(int output, int inputs, int outputs) {
        return Math.clamp((output + 0.5) * inputs / outputs - 0.5, 0, inputs - 1.0);
    }

    /**
     * Draws a part as torchvision's RandomResizedCrop does: its area is uniform between {@code least} times that of the
     * image and all of it, and the logarithm of its aspect ratio is uniform between those of 3/4 and 4/3. After ten
     * parts that do not fit, the part is the whole image; an image with other aspect ratios is kept whole, too.
     *
     * @param least smallest area of a part, as a fraction of that of the image, above 0 and at most 1
     */
    static AffineImageTransform draw(ImageShape shape, double least, RandomGenerator random) {
        double logarithm = Math.log(WIDEST);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            double area = shape.planeSize() * (least + (1 - least) * random.nextDouble());
            double ratio = Math.exp(logarithm * (2 * random.nextDouble() - 1));
            int width = (int) Math.round(Math.sqrt(area * ratio));
            int height = (int) Math.round(Math.sqrt(area / ratio));
            if (width >= 1 && width <= shape.width() && height >= 1 && height <= shape.height()) {
                int top = random.nextInt(shape.height() - height + 1);
                int left = random.nextInt(shape.width() - width + 1);
                return new ResizedCrop(shape, top, left, height, width);
            }
        }
        return AffineImageTransform.identity();
    }
}
