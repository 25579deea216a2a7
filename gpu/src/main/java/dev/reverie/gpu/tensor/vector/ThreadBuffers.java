package dev.reverie.gpu.tensor.vector;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The temporary arrays of the kernels on one thread, allocated once per purpose and then reused. Their initial content
 * is undefined. Not thread safe; each thread has its own instance.
 */
final class ThreadBuffers {

    /** The purpose of an array; two purposes never share an array. */
    enum Purpose {
        SHIFTED_PLANES,
        PLANE_PAIR,
        LEFT_FACTOR,
        RIGHT_FACTOR,
        PRODUCT,
        GRAM_PLANES,
        HAT,
        DA,
        DA_DOT,
        Z_DOT,
        NORM_RELU_POOL,
        ROW_PAIRS,
        AVERAGES,
        PADDED_PLANES,
        WINDOWS,
        WINDOW_AVERAGES
    }

    private static final ThreadLocal<ThreadBuffers> OF_THREAD = ThreadLocal.withInitial(ThreadBuffers::new);

    private final Map<Purpose, float[]> growing = new EnumMap<>(Purpose.class);
    private final Map<Purpose, List<float[]>> exact = new EnumMap<>(Purpose.class);

    private ThreadBuffers() {}

    /** The arrays of the calling thread. */
    static ThreadBuffers ofThread() {
        return OF_THREAD.get();
    }

    float[] atLeast(Purpose purpose, int length) {
        float[] known = growing.get(purpose);
        if (known != null && known.length >= length) {
            return known;
        }
        float[] longer = new float[length];
        growing.put(purpose, longer);
        return longer;
    }

    /**
     * Returns an array of exactly the given length. Use it for only a few different lengths, because all arrays are
     * kept.
     */
    float[] exactly(Purpose purpose, int length) {
        List<float[]> known = exact.computeIfAbsent(purpose, any -> new ArrayList<>());
        for (float[] array : known) {
            if (array.length == length) {
                return array;
            }
        }
        float[] added = new float[length];
        known.add(added);
        return added;
    }
}
