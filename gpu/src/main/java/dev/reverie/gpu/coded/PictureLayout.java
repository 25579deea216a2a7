package dev.reverie.gpu.coded;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;

/**
 * Where images are in a picture: from left to right and then row by row, each in the top left corner of a cell, whose
 * other pixels repeat its edges, so that no block of the codec has pixels of two images.
 *
 * @param shape shape of an image, with one or three channels, not larger than a cell
 */
record PictureLayout(ImageShape shape, int cellWidth, int cellHeight) {

    private static final int COLUMNS = 10;
    private static final int COLOURS = 3;

    PictureLayout {
        if (!canHold(shape)) {
            throw new IllegalArgumentException("an image must have 1 or 3 channels, got " + shape.channels());
        }
    }

    static boolean canHold(ImageShape shape) {
        return shape.channels() == 1 || shape.channels() == COLOURS;
    }

    /** Returns the layout whose cells are the smallest that consist of blocks of this side. */
    static PictureLayout of(ImageShape shape, int block) {
        return new PictureLayout(
                shape, Math.ceilDiv(shape.width(), block) * block, Math.ceilDiv(shape.height(), block) * block);
    }

    /** Maximum number of images that fit into one picture, at least 1. */
    int maxImages() {
        return Math.max(1, PictureFormat.MAX_SIDE / cellWidth()) * Math.max(1, PictureFormat.MAX_SIDE / cellHeight());
    }

    private int columns(int count) {
        int rows = Math.max(1, PictureFormat.MAX_SIDE / cellHeight());
        return Math.min(
                count, Math.max(Math.min(COLUMNS, PictureFormat.MAX_SIDE / cellWidth()), Math.ceilDiv(count, rows)));
    }

    /**
     * Draws images.
     *
     * @param grey whether the picture of grey images has one channel instead of three equal ones
     */
    BufferedImage draw(ImageBatch images, boolean grey) {
        int columns = columns(images.count());
        int rows = Math.ceilDiv(images.count(), columns);
        BufferedImage picture = new BufferedImage(
                columns * cellWidth(),
                rows * cellHeight(),
                grey && shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        WritableRaster raster = picture.getRaster();
        byte[] levels = images.toLevels();
        int[] plane = new int[cellWidth() * cellHeight()];
        for (int image = 0; image < images.count(); image++) {
            for (int band = 0; band < raster.getNumBands(); band++) {
                int from = image * shape.size() + Math.min(band, shape.channels() - 1) * shape.planeSize();
                for (int i = 0; i < plane.length; i++) {
                    int row = Math.min(i / cellWidth(), shape.height() - 1);
                    int column = Math.min(i % cellWidth(), shape.width() - 1);
                    plane[i] = Byte.toUnsignedInt(levels[from + row * shape.width() + column]);
                }
                raster.setSamples(
                        image % columns * cellWidth(),
                        image / columns * cellHeight(),
                        cellWidth(),
                        cellHeight(),
                        band,
                        plane);
            }
        }
        return picture;
    }

    /**
     * Returns the first {@code count} images in a picture.
     *
     * @throws IllegalArgumentException if the picture is too small for them
     */
    ImageBatch read(Image picture, int count) {
        ImageShape whole = picture.shape();
        int columns = whole.width() / cellWidth;
        if (columns == 0 || (long) columns * (whole.height() / cellHeight) < count) {
            throw new IllegalArgumentException("a picture of " + whole.width() + "x" + whole.height() + " pixels has"
                    + " no " + count + " cells of " + cellWidth + "x" + cellHeight);
        }
        byte[] levels = new byte[Math.multiplyExact(count, shape.size())];
        for (int to = 0; to < levels.length; to++) {
            int image = to / shape.size();
            int channel = Math.min(to % shape.size() / shape.planeSize(), whole.channels() - 1);
            int x = image % columns * cellWidth + to % shape.width();
            int y = image / columns * cellHeight + to % shape.planeSize() / shape.width();
            levels[to] = (byte) picture.level(channel * whole.planeSize() + y * whole.width() + x);
        }
        return ImageBatch.of(shape, levels);
    }
}
