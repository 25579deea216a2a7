package dev.reverie.lab.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.reverie.gpu.tensor.Kernels;

/** A workload timed by a benchmark; its record components appear as parameters in the JSON output. */
public interface BenchWorkload {

    /** Describes the workload, for example {@code one class step at 1x28x28, width 128}. */
    @JsonIgnore
    String title();

    /** A short workload that can be repeated. */
    interface Repeatable extends BenchWorkload {

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
             * Returns the result of the last repeat, which is equal on all engines up to rounding; the call is not
             * timed.
             */
            double[] result();

            @Override
            void close();
        }
    }
}
