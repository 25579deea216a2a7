package dev.reverie.deploy.experiments.bench;

import dev.reverie.gpu.tensor.Kernels;

/** A short workload that can be repeated. */
public interface RepeatableBench extends BenchWorkload {

    /**
     * Prepares the inputs, which is not timed.
     *
     * @param threadCount compute threads that share the work
     */
    PreparedBench open(Kernels kernels, int threadCount);

    /** The workload with its inputs. */
    interface PreparedBench extends AutoCloseable {

        /** Runs the workload once. */
        void repeat(int index);

        /** Returns the result of the last repeat, not timed: equal on every engine up to rounding. */
        double[] result();

        @Override
        void close();
    }
}
