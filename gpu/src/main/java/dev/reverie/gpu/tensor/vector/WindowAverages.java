package dev.reverie.gpu.tensor.vector;

import static dev.reverie.gpu.tensor.HostTensor.memory;

import dev.reverie.gpu.tensor.Kernels.Window;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.vector.ThreadBuffers.Purpose;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Average pooling with windows that do not overlap, plane by plane. */
final class WindowAverages {

    private final Window window;
    private final int rows;
    private final int columns;
    private final float share;
    private final float[] plane;
    private final float[] averages;

    private WindowAverages(Tensor image, Window window, Tensor pooled) {
        this.window = window;
        this.rows = pooled.dimension(2);
        this.columns = pooled.dimension(3);
        this.share = 1f / (window.height() * window.width());
        ThreadBuffers arrays = ThreadBuffers.ofThread();
        this.plane = arrays.exactly(Purpose.WINDOWS, image.dimension(2) * image.dimension(3));
        this.averages = arrays.exactly(Purpose.WINDOW_AVERAGES, rows * columns);
    }

    /** See {@link dev.reverie.gpu.tensor.Kernels#averagePool}. */
    static void average(Tensor x, Window window, Tensor p) {
        WindowAverages windows = new WindowAverages(x, window, p);
        for (int index = 0; index < x.dimension(0) * x.dimension(1); index++) {
            load(memory(x), index, windows.plane);
            windows.average(x.dimension(3));
            store(windows.averages, memory(p), index);
        }
    }

    /** See {@link dev.reverie.gpu.tensor.Kernels#averagePoolGradient}. */
    static void spread(Tensor dp, Window window, Tensor dx) {
        WindowAverages windows = new WindowAverages(dx, window, dp);
        for (int index = 0; index < dx.dimension(0) * dx.dimension(1); index++) {
            load(memory(dp), index, windows.averages);
            windows.spread(dx.dimension(3));
            store(windows.plane, memory(dx), index);
        }
    }

    private void average(int stride) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float sum = 0;
                for (int y = row * window.height(); y < (row + 1) * window.height(); y++) {
                    int start = y * stride + column * window.width();
                    for (int at = start; at < start + window.width(); at++) {
                        sum += plane[at];
                    }
                }
                averages[row * columns + column] = share * sum;
            }
        }
    }

    private void spread(int stride) {
        Arrays.fill(plane, 0);
        for (int y = 0; y < rows * window.height(); y++) {
            for (int column = 0; column < columns; column++) {
                int start = y * stride + column * window.width();
                float average = averages[y / window.height() * columns + column];
                Arrays.fill(plane, start, start + window.width(), share * average);
            }
        }
    }

    private static void load(MemorySegment source, int index, float[] target) {
        MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, offset(index, target), target, 0, target.length);
    }

    private static void store(float[] source, MemorySegment target, int index) {
        MemorySegment.copy(source, 0, target, ValueLayout.JAVA_FLOAT, offset(index, source), source.length);
    }

    private static long offset(int index, float[] plane) {
        return (long) index * plane.length * Float.BYTES;
    }
}
