package dev.reverie.deploy.experiments.bench;

import dev.reverie.gpu.tensor.Kernels;

/** Something that takes a moment and can be done again and again. */
public interface RepeatableBench extends BenchCase {

    /**
     * Readies what is not to be timed.
     *
     * @param lanes number of threads to share the work out among
     */
    Work open(Kernels kernels, int lanes);

    /** One thing to do. */
    interface Work extends AutoCloseable {

        /** Does it once. */
        void repeat(int index);

        /** What the last repeat came to, not timed: equal on every engine but for rounding. */
        double[] result();

        @Override
        void close();
    }
}
