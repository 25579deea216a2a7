package dev.reverie.gpu.tensor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Arrays in which the kernels of one thread do their work: allocated once for each purpose and then used again and
 * again. Their content is whatever was left there. Not thread safe; each thread has its own.
 */
final class ThreadBuffers {

    /** What an array is for; two purposes never share one. */
    enum Purpose {
        SHIFTED_PLANES,
        PLANE_PAIR,
        LEFT_FACTOR,
        RIGHT_FACTOR,
        PRODUCT,
        HAT,
        DA,
        DA_DOT,
        Z_DOT,
        NORM_RELU_POOL
    }

    private static final ThreadLocal<ThreadBuffers> OF_THREAD = ThreadLocal.withInitial(ThreadBuffers::new);

    private final Map<Purpose, float[]> growing = new EnumMap<>(Purpose.class);
    private final Map<Purpose, List<float[]>> exact = new EnumMap<>(Purpose.class);

    private ThreadBuffers() {}

    /** The arrays of the calling thread. */
    static ThreadBuffers ofThread() {
        return OF_THREAD.get();
    }

    /** An array of that length or more. */
    float[] atLeast(Purpose purpose, int length) {
        float[] known = growing.get(purpose);
        if (known != null && known.length >= length) {
            return known;
        }
        float[] longer = new float[length];
        growing.put(purpose, longer);
        return longer;
    }

    /** An array of exactly that length; for purposes that come in a handful of lengths, as they are all kept. */
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
