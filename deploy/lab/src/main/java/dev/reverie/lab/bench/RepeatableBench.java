package dev.reverie.lab.bench;

import dev.reverie.gpu.tensor.Kernels;

/** A short workload that can be repeated. */
public interface RepeatableBench extends BenchWorkload {

    /**
     * Prepares the inputs; the preparation is not timed.
     *
     * @param threadCount number of compute threads that share the work
     */
    PreparedBench open(Kernels kernels, int threadCount);

    /** The workload with its inputs. */
    interface PreparedBench extends AutoCloseable {

        /** Runs the workload once. */
        void repeat(int index);

        /**
         * Returns the result of the last repeat, which is equal on all engines up to rounding; the call is not timed.
         */
        double[] result();

        @Override
        void close();
    }
}
