package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Multi-formation (Kim et al., 2022): one stored image consists of factor x factor small images, its cells. Each cell
 * is decoded to a full-size image by bilinear interpolation (half-pixel centres, edges repeated). If the factor does
 * not divide a side, decoding pads the stored image on the right and at the bottom with mid grey; the padding is not
 * learned.
 *
 * <p>Cells are numbered row by row from the top left. Decoded batches are cell-major: cell 0 of every stored image,
 * then cell 1 of every stored image, and so on. Immutable and thread safe.
 */
public final class MultiFormation {

    private static final double PADDING = 0.5;

    private final int factor;
    private final ImageShape shape;
    private final BilinearUpsampling enlargement;

    private MultiFormation(int factor, ImageShape shape) {
        this.factor = factor;
        this.shape = shape;
        this.enlargement = BilinearUpsampling.of(cellSide(shape.height()), cellSide(shape.width()), shape);
    }

    /**
     * Creates a multi-formation for images of a given shape, with {@code factor * factor} images in one stored image.
     *
     * @throws IllegalArgumentException if the factor is below 1 or larger than a side of the image
     */
    public static MultiFormation of(int factor, ImageShape shape) {
        if (factor < 1 || factor > Math.min(shape.height(), shape.width())) {
            throw new IllegalArgumentException("the multi-formation factor (--factor) for " + shape
                    + " images must be from 1 to " + Math.min(shape.height(), shape.width()) + ", got " + factor);
        }
        return new MultiFormation(factor, shape);
    }

    /** Number of cells along each side of a stored image. */
    public int factor() {
        return factor;
    }

    /** Number of images that one stored image decodes to: factor * factor. */
    public int cells() {
        return factor * factor;
    }

    public ImageShape shape() {
        return shape;
    }

    /** Returns the index of the stored image from which the image at {@code index} of a decoded batch comes. */
    public int storedOf(int index, int storedCount) {
        return index % storedCount;
    }

    /** Returns the cell from which the image at {@code index} of a decoded batch comes. */
    public int cellOf(int index, int storedCount) {
        return index / storedCount;
    }

    /** Decodes one cell, below {@link #cells()}, of a stored image. */
    public double[] decode(double[] stored, int cell) {
        if (factor == 1) {
            return stored.clone();
        }
        double[] decoded = new double[shape.size()];
        double[] small = new double[enlargement.size()];
        for (int plane = 0; plane < decoded.length; plane += shape.planeSize()) {
            Arrays.fill(small, PADDING);
            for (int row = 0; row < cellHeight(cell); row++) {
                System.arraycopy(
                        stored, plane + storedAt(cell, row), small, row * enlargement.width(), cellWidth(cell));
            }
            enlargement.apply(small, decoded, plane);
        }
        return decoded;
    }

    /**
     * Applies the adjoint of {@link #decode(double[], int)}: adds the contribution of one decoded image to
     * {@code storedGradient}, the derivative with respect to its stored image.
     */
    public void addAdjoint(double[] gradient, int cell, double[] storedGradient) {
        double[] small = new double[enlargement.size()];
        for (int plane = 0; plane < gradient.length; plane += shape.planeSize()) {
            Arrays.fill(small, 0);
            enlargement.addAdjoint(gradient, plane, small);
            for (int row = 0; row < cellHeight(cell); row++) {
                int to = plane + storedAt(cell, row);
                int from = row * enlargement.width();
                for (int column = 0; column < cellWidth(cell); column++) {
                    storedGradient[to + column] += small[from + column];
                }
            }
        }
    }

    /** Decodes every cell of every stored image, in cell-major order. */
    public ImageBatch decode(ImageBatch stored) {
        if (factor == 1) {
            return stored;
        }
        int size = shape.size();
        int count = stored.count() * cells();
        float[] values = new float[Math.multiplyExact(count, size)];
        double[] image = new double[size];
        for (int to = 0; to < count; to++) {
            stored.copyTo(storedOf(to, stored.count()), image);
            double[] decoded = decode(image, cellOf(to, stored.count()));
            for (int i = 0; i < size; i++) {
                values[to * size + i] = (float) decoded[i];
            }
        }
        return ImageBatch.owning(shape, values);
    }

    /**
     * Decodes like {@link #decode(ImageBatch)}, but only when an image is read. Keeps the decoded images until the heap
     * is short. They have values of the same type as the stored ones.
     */
    public ImageBatch decodeOnDemand(ImageBatch stored) {
        if (factor == 1) {
            return stored;
        }
        KeptUntilShort decoded = new KeptUntilShort(() -> decode(stored).as(stored.dtype()));
        return ImageBatch.computed(shape, stored.count() * cells(), stored.dtype(), indices -> decoded.get()
                .pick(indices));
    }

    /** Images that are computed when they are read, and kept until the heap is short. Thread safe. */
    private static final class KeptUntilShort {

        private final Supplier<ImageBatch> computation;
        private volatile Optional<SoftReference<ImageBatch>> kept = Optional.empty();

        KeptUntilShort(Supplier<ImageBatch> computation) {
            this.computation = computation;
        }

        ImageBatch get() {
            return kept.flatMap(soft -> Optional.ofNullable(soft.get())).orElseGet(() -> {
                ImageBatch computed = computation.get();
                kept = Optional.of(new SoftReference<>(computed));
                return computed;
            });
        }
    }

    /**
     * Composes stored images from real images, which are reduced to the size of a cell by nearest-pixel sampling. For n
     * stored images, real image k * n + i becomes cell k of stored image i. If the factor does not divide a side, the
     * first cells are one pixel longer than the others, and there is no padding. Decoding is then off by a pixel or
     * two, as in the reference implementation; learning compensates for this offset.
     *
     * @param real real images of {@link #shape()}; their number is a multiple of {@link #cells()}
     * @throws IllegalArgumentException if the number of images is not such a multiple, or if an image has another shape
     */
    public ImageBatch compose(List<Image> real) {
        if (real.size() % cells() != 0) {
            throw new IllegalArgumentException("composing needs a multiple of " + cells() + " real images, " + cells()
                    + " per stored image, got " + real.size());
        }
        int size = shape.size();
        int count = real.size() / cells();
        float[] values = new float[count * size];
        double[] image = new double[size];
        for (int index = 0; index < real.size(); index++) {
            if (!real.get(index).shape().equals(shape)) {
                throw new IllegalArgumentException("want " + shape + " images to compose, got one of "
                        + real.get(index).shape());
            }
            real.get(index).copyTo(image);
            paste(image, cellOf(index, count), values, storedOf(index, count) * size);
        }
        return ImageBatch.of(shape, values);
    }

    private void paste(double[] image, int cell, float[] values, int offset) {
        int top = pastedStart(cell / factor, shape.height());
        int bottom = pastedStart(cell / factor + 1, shape.height());
        int left = pastedStart(cell % factor, shape.width());
        int right = pastedStart(cell % factor + 1, shape.width());
        for (int plane = 0; plane < image.length; plane += shape.planeSize()) {
            for (int row = top; row < bottom; row++) {
                int from = plane + (row - top) * shape.height() / (bottom - top) * shape.width();
                int to = offset + plane + row * shape.width();
                for (int column = left; column < right; column++) {
                    values[to + column] = (float) image[from + (column - left) * shape.width() / (right - left)];
                }
            }
        }
    }

    /**
     * First pixel of a pasted cell along a side; the first {@code side % factor} cells are one pixel longer than the
     * others.
     */
    private int pastedStart(int cell, int side) {
        return cell * (side / factor) + Math.min(cell, side % factor);
    }

    /** Side of a cell, rounded up, so that the last cells can reach into the padding. */
    private int cellSide(int side) {
        return (side + factor - 1) / factor;
    }

    /** Returns the index at which a row of a cell starts in a channel of the stored image. */
    private int storedAt(int cell, int row) {
        int left = Math.min(cell % factor * enlargement.width(), shape.width());
        return (cell / factor * enlargement.height() + row) * shape.width() + left;
    }

    /** Number of rows of the cell that are not padding; 0 if the whole cell is padding. */
    private int cellHeight(int cell) {
        return Math.clamp(shape.height() - cell / factor * enlargement.height(), 0, enlargement.height());
    }

    private int cellWidth(int cell) {
        return Math.clamp(shape.width() - cell % factor * enlargement.width(), 0, enlargement.width());
    }
}
