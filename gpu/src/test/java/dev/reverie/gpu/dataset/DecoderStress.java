package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Checks that a decoder of untrusted bytes either decodes or refuses its input, quickly and in bounded memory. */
public final class DecoderStress {

    /** Three times the allocation of a first read, which loads classes; a file may declare ten times as much. */
    private static final long MAX_ALLOCATED = 100L << 20;

    /** A hundred times the time for the slowest input, so that only a hang takes longer. */
    private static final long SECONDS = 60;

    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(run -> {
        Thread thread = new Thread(run, "reader");
        thread.setDaemon(true);
        return thread;
    });

    private DecoderStress() {}

    /**
     * Fails if {@code reading} throws another exception than {@code refusal}, hangs, or allocates more than 100 MiB.
     */
    public static void readsOrRefuses(Callable<?> reading, Class<? extends Exception> refusal) {
        readsOrRefuses(reading, refusal, MAX_ALLOCATED);
    }

    /**
     * Fails if {@code reading} throws another exception than {@code refusal}, hangs, or allocates too much.
     *
     * @param reading decodes the input; its result must not be null
     * @param refusal exception that refuses the input, with a message of fewer than 1,000 characters
     * @param maxAllocated exclusive limit of the bytes allocated on the heap
     */
    public static void readsOrRefuses(Callable<?> reading, Class<? extends Exception> refusal, long maxAllocated) {
        try {
            long allocated = THREAD.submit(() -> allocatedBy(reading, refusal)).get(SECONDS, TimeUnit.SECONDS);
            assertThat(allocated).isLessThan(maxAllocated);
        } catch (ExecutionException e) {
            fail("neither read nor refused", e.getCause());
        } catch (TimeoutException e) {
            fail("hangs", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("interrupted", e);
        }
    }

    private static long allocatedBy(Callable<?> reading, Class<? extends Exception> refusal) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            assertThat(reading.call()).isNotNull();
        } catch (Exception e) {
            if (!refusal.isInstance(e)) {
                throw e;
            }
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1000);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
