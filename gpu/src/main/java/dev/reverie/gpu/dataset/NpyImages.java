package dev.reverie.gpu.dataset;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzException;

/** The images of a NumPy array, [n, C, H, W] or [n, H, W]: unsigned bytes, or floats in [0, 1]. */
record NpyImages(NpyArray array, ImageShape shape) {

    private static final int RANK = 4;

    /**
     * Returns the images of an array, whose items have not been read yet.
     *
     * @throws NpzException if this is not an array of images, or is empty
     */
    static NpyImages of(NpyArray array) throws NpzException {
        int rank = array.shape().size();
        if (rank != RANK && rank != RANK - 1) {
            throw new NpzException("has shape " + array.shape()
                    + ": expected [images, channels, height, width] or, for grey images, [images, height, width]");
        }
        if (array.size() == 0) {
            throw new NpzException("has shape " + array.shape() + ", so it is empty: save at least one image");
        }
        int channels = rank == RANK ? array.shape().get(1) : 1;
        int width = array.shape().getLast();
        if (width <= 3 && channels > 3) {
            throw new NpzException(
                    "has shape " + array.shape() + " with the channels last: move them with transpose(0, 3, 1, 2)");
        }
        return new NpyImages(array, new ImageShape(channels, array.shape().get(rank - 2), width));
    }

    int count() {
        return array.shape().getFirst();
    }

    ImageBatch batch() throws NpzException {
        return array.isBytes() ? ImageBatch.of(shape, array.toBytes()) : ImageBatch.of(shape, array.toIntensities());
    }
}
