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

/** What every reader of files has to stand: it reads what it is given or refuses it, soon and in bounded memory. */
public final class DecoderStress {

    /** What the first read takes, which loads classes, three times; files may claim to hold ten times as much. */
    private static final long MOST_ALLOCATED = 100L << 20;

    /** A hundred times what the slowest input takes; only a hang takes longer. */
    private static final long SECONDS = 60;

    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(run -> {
        Thread thread = new Thread(run, "reader");
        thread.setDaemon(true);
        return thread;
    });

    private DecoderStress() {}

    /** Fails if it throws anything else than {@code refusal}, takes too long, or takes too much memory. */
    public static void readsOrRefuses(Callable<?> reading, Class<? extends Exception> refusal) {
        try {
            long allocated = THREAD.submit(() -> allocatedBy(reading, refusal)).get(SECONDS, TimeUnit.SECONDS);
            assertThat(allocated).isLessThan(MOST_ALLOCATED);
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
