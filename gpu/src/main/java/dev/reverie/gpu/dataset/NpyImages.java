package dev.reverie.gpu.dataset;

/**
 * The images of a NumPy array, [n, C, H, W] or [n, H, W]: unsigned bytes, or floats in [0, 1].
 *
 * @param shape shape of each image
 */
record NpyImages(NpyArray array, ImageShape shape) {

    private static final int RANK = 4;

    /**
     * Returns the images of an array, whose items have not been read yet.
     *
     * @throws NpyFormatException if this is not an array of images, or is empty
     */
    static NpyImages of(NpyArray array) throws NpyFormatException {
        int rank = array.shape().size();
        if (rank != RANK && rank != RANK - 1) {
            throw new NpyFormatException("has shape " + array.shape()
                    + ": expected [images, channels, height, width] or, for grey images, [images, height, width]");
        }
        if (array.size() == 0) {
            throw new NpyFormatException("has shape " + array.shape() + ", so it is empty: save at least one image");
        }
        int channels = rank == RANK ? array.shape().get(1) : 1;
        int width = array.shape().getLast();
        if (width <= 3 && channels > 3) {
            throw new NpyFormatException(
                    "has shape " + array.shape() + " with the channels last: move them with transpose(0, 3, 1, 2)");
        }
        return new NpyImages(array, new ImageShape(channels, array.shape().get(rank - 2), width));
    }

    int count() {
        return array.shape().getFirst();
    }

    /**
     * Returns the images as a batch.
     *
     * @throws NpyFormatException if the items have another type, or a float is outside [0, 1]
     */
    ImageBatch batch() throws NpyFormatException {
        if (isBytes()) {
            return ImageBatch.of(shape, array.data());
        }
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value(i);
        }
        return ImageBatch.of(shape, values);
    }

    /**
     * Returns the values as levels 0..255: unsigned bytes unchanged, floats converted to the nearest level. The caller
     * must not change them.
     *
     * @throws NpyFormatException if the items have another type, or a float is outside [0, 1]
     */
    byte[] levels() throws NpyFormatException {
        if (isBytes()) {
            return array.data();
        }
        byte[] levels = new byte[array.size()];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.round(value(i) * Image.MAX_LEVEL);
        }
        return levels;
    }

    private boolean isBytes() throws NpyFormatException {
        if (!array.isBytes() && array.type().kind() != 'f') {
            throw new NpyFormatException("has dtype " + array.type() + ": save it as float32 in [0, 1] or as uint8");
        }
        return array.isBytes();
    }

    private double value(int item) throws NpyFormatException {
        double value = array.items().real(item);
        if (!(value >= 0 && value <= 1)) { // also refuses NaN
            throw new NpyFormatException("has the value " + value + " in image " + item / shape.size()
                    + ": save floats from 0 to 1, or uint8");
        }
        return value;
    }
}
