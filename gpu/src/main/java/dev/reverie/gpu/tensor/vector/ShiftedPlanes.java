package dev.reverie.gpu.tensor.vector;

import static dev.reverie.gpu.tensor.HostTensor.memory;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.vector.ThreadBuffers.Purpose;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The planes of one image, prepared for a 3x3 convolution: three copies of each plane, one per column of the kernel,
 * each shifted by its column and surrounded by zeros. Each tap then multiplies one run of consecutive values in whole
 * vectors, regardless of where the rows end.
 */
final class ShiftedPlanes {

    private static final int KERNEL = Kernels.KERNEL;
    private static final int LANES = FloatVector.SPECIES_PREFERRED.length();

    private final Tensor x;
    private final int padding;
    private final int width;
    private final int pixels;
    private final int paddedLength;

    /** Length of one copy of a plane. */
    private final int copy;

    private final float[] values;

    /** Allocates the copies for a convolution of x with the given padding and output size. */
    ShiftedPlanes(Tensor x, int padding, int height, int width, ThreadBuffers arrays) {
        this.x = x;
        this.padding = padding;
        this.width = width;
        this.pixels = height * width;
        this.paddedLength = Math.ceilDiv(pixels, LANES) * LANES;
        this.copy = paddedLength + (KERNEL - 1) * width;
        this.values = arrays.atLeast(Purpose.SHIFTED_PLANES, x.dimension(1) * KERNEL * copy);
    }

    /**
     * Number of pixels of an output plane, rounded up to whole vectors; the values beyond the last pixel are finite but
     * meaningless.
     */
    int paddedLength() {
        return paddedLength;
    }

    float[] values() {
        return values;
    }

    /** Returns the index at which the run of values for the tap in the given row and column of the kernel starts. */
    int start(int channel, int row, int column) {
        return (channel * KERNEL + column) * copy + row * width;
    }

    void load(int image) {
        int channels = x.dimension(1);
        for (int channel = 0; channel < channels; channel++) {
            if (padding == 1) {
                layOutSameSize(image * channels + channel, channel * KERNEL * copy);
            } else {
                layOut(image * channels + channel, channel * KERNEL * copy);
            }
        }
    }

    /** Value (r, c) of copy k is x at (r - padding, c + k - padding). */
    private void layOut(int plane, int at) {
        int sourceHeight = x.dimension(2);
        int sourceWidth = x.dimension(3);
        long source = (long) plane * sourceHeight * sourceWidth;
        Arrays.fill(values, at, at + KERNEL * copy, 0);
        int last = Math.min(pixels / width + KERNEL - 1, sourceHeight + padding);
        for (int row = Math.max(padding, 0); row < last; row++) {
            for (int k = 0; k < KERNEL; k++) {
                int from = Math.max(k - padding, 0);
                int to = Math.max(padding - k, 0);
                MemorySegment.copy(
                        memory(x),
                        ValueLayout.JAVA_FLOAT,
                        (source + (long) (row - padding) * sourceWidth + from) * Float.BYTES,
                        values,
                        at + k * copy + row * width + to,
                        Math.min(sourceWidth - from, width - to));
            }
        }
    }

    /** With padding 1, the copies differ from the plane only by a shift of one and a column of zeros. */
    private void layOutSameSize(int plane, int at) {
        int middle = at + copy;
        int right = middle + copy;
        int bordered = pixels + 2 * width;
        Arrays.fill(values, middle, middle + width, 0);
        MemorySegment.copy(
                memory(x), ValueLayout.JAVA_FLOAT, (long) plane * pixels * Float.BYTES, values, middle + width, pixels);
        Arrays.fill(values, middle + width + pixels, middle + bordered, 0);
        System.arraycopy(values, middle, values, at + 1, bordered - 1);
        System.arraycopy(values, middle + 1, values, right, bordered - 1);
        for (int row = 0; row < bordered; row += width) {
            values[at + row] = 0;
            values[right + row + width - 1] = 0;
        }
        for (int end = at + bordered; end < at + KERNEL * copy && paddedLength > pixels; end += copy) {
            Arrays.fill(values, end, end + paddedLength - pixels, 0);
        }
    }
}
