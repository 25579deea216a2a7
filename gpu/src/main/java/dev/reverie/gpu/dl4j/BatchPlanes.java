package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.nd4j.Nd4jTensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The planes of a batch {@code [images, channels, height, width]}, read and written one at a time. */
record BatchPlanes(Tensor values, int images, int channels, int pixels) {

    /** Wraps an array that is {@link #contiguous}, without a copy. */
    static BatchPlanes of(INDArray array) {
        return new BatchPlanes(
                Nd4jTensor.over(array),
                Math.toIntExact(array.size(0)),
                Math.toIntExact(array.size(1)),
                Math.toIntExact(array.size(2) * array.size(3)));
    }

    /** Returns the array itself, or a copy if its values are not contiguous. */
    static INDArray contiguous(INDArray array) {
        return array.ordering() == 'c' && !array.isView() ? array : array.dup('c');
    }

    double[] plane(int image, int channel) {
        double[] plane = new double[pixels];
        values.read(offset(image, channel), plane);
        return plane;
    }

    void write(int image, int channel, double[] plane) {
        values.write(offset(image, channel), plane);
    }

    int valuesPerChannel() {
        return images * pixels;
    }

    private long offset(int image, int channel) {
        return ((long) image * channels + channel) * pixels;
    }
}
