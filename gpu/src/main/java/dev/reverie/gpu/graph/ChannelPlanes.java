package dev.reverie.gpu.graph;

import dev.reverie.gpu.tensor.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The planes of a batch {@code [images, channels, height, width]}, read and written one at a time. */
record ChannelPlanes(Tensor values, int images, int channels, int pixels) {

    /** Of an array that is {@link #contiguous}: the same memory. */
    static ChannelPlanes of(INDArray array) {
        return new ChannelPlanes(
                Tensor.over(array),
                Math.toIntExact(array.size(0)),
                Math.toIntExact(array.size(1)),
                Math.toIntExact(array.size(2) * array.size(3)));
    }

    /** The array itself, or a copy of it whose values lie in order. */
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
