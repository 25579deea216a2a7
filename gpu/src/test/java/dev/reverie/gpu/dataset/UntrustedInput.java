package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;

/** Checks that a decoder of untrusted bytes decodes or refuses its input, in bounded memory. */
public final class UntrustedInput {

    /** Many times the allocation for a small file, and a tenth of what a file may declare. */
    public static final long MAX_ALLOCATED = 100L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private UntrustedInput() {}

    /** Fails if {@code reading} throws another exception than {@code refusal}, or allocates more than 100 MiB. */
    public static void readOrRefused(Callable<?> reading, Class<? extends Exception> refusal) throws Exception {
        readOrRefused(reading, refusal, MAX_ALLOCATED);
    }

    /**
     * Fails if {@code reading} throws another exception than {@code refusal}, or allocates too much.
     *
     * @param reading decodes the input; its result must not be null
     * @param refusal exception that refuses the input, with a message of fewer than 1,000 characters
     * @param maxAllocated exclusive limit of the bytes allocated on the heap by this thread
     */
    public static void readOrRefused(Callable<?> reading, Class<? extends Exception> refusal, long maxAllocated)
            throws Exception {
        long allocated = allocatedBy(reading, refusal);
        if (allocated >= maxAllocated) {
            allocated = allocatedBy(reading, refusal); // the first time includes the loading of classes
        }
        assertThat(allocated).isLessThan(maxAllocated);
    }

    private static long allocatedBy(Callable<?> reading, Class<? extends Exception> refusal) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            assertThat((Object) reading.call()).isNotNull();
        } catch (Exception e) {
            if (!refusal.isInstance(e)) {
                throw e;
            }
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1000);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
