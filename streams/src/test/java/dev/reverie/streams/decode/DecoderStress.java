package dev.reverie.streams.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.reverie.actors.intake.Sample;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What every decoder has to stand: it makes samples of what it is given or refuses it, soon and in bounded memory. */
public final class DecoderStress {

    public static final IngestLimits LIMITS = IngestLimits.defaults();

    /** A picture is in memory as rows, as packed pixels, and as planes, at most a few times each. */
    private static final int COPIES = 8;

    /** A hundred times what the slowest input takes; only a hang takes longer. */
    private static final long SECONDS = 60;

    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(run -> {
        Thread thread = new Thread(run, "decoder");
        thread.setDaemon(true);
        return thread;
    });

    private DecoderStress() {}

    /** Takes bytes apart. */
    public interface Decoding {
        List<Sample> of(byte[] content) throws SampleRefusedException;
    }

    /** Fails if it does neither, takes too long, or takes too much memory. */
    public static void decodesOrRefuses(byte[] content, Decoding decoding) {
        try {
            long allocated = THREAD.submit(() -> allocatedBy(content, decoding)).get(SECONDS, TimeUnit.SECONDS);
            assertThat(allocated).isLessThan((long) COPIES * LIMITS.decodedBytes(content.length));
        } catch (ExecutionException e) {
            fail("neither decoded nor refused", e.getCause());
        } catch (TimeoutException e) {
            fail("hangs", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("interrupted", e);
        }
    }

    private static long allocatedBy(byte[] content, Decoding decoding) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            assertThat(decoding.of(content)).isNotEmpty();
        } catch (SampleRefusedException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1000);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
