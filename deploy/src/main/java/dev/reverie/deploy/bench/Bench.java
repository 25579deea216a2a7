package dev.reverie.deploy.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.reverie.gpu.tensor.Kernels;

/** Something whose time is worth knowing; its components say what it is. */
public interface Bench {

    /** In words, for example {@code one class step at 1x28x28, width 128}. */
    @JsonIgnore
    String title();

    /**
     * Readies what is not to be timed.
     *
     * @param lanes number of threads to share the work out among
     */
    Work open(Kernels kernels, int lanes);

    /** One thing to do again and again. */
    interface Work extends AutoCloseable {

        /** Does it once. */
        void repeat(int index);

        @Override
        void close();
    }
}
