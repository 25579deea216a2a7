package dev.reverie.gpu.tensor;

import dev.reverie.gpu.tensor.Device.DeviceException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The most samples that a device computes at once, because the activations of a batch stay in its memory. All engines
 * on the device share the limit, as they share the memory, and an engine that is opened again keeps it. Thread safe.
 */
public final class BatchLimit {

    public static final int SMALLEST = Kernels.MICRO_BATCH;

    private static final Logger LOG = LoggerFactory.getLogger(BatchLimit.class);

    private static final String ADVICE =
            "end other programs that use the GPU (nvidia-smi lists them), or choose smaller images or a narrower network";

    private final AtomicInteger samples;
    private final AtomicLong halvings = new AtomicLong();

    /** Creates a limit of at least {@link #SMALLEST}. */
    public BatchLimit(int samples) {
        this.samples = new AtomicInteger(samples);
    }

    public int samples() {
        return samples.get();
    }

    /** How often the limit was lowered. */
    public long halvings() {
        return halvings.get();
    }

    /**
     * Lowers the limit to half of a batch for which the memory did not suffice, but not below {@link #SMALLEST}. Does
     * nothing if another engine has already lowered it that far; throws a {@link DeviceException} if there is no
     * smaller batch to try.
     */
    void lower(int failed, Throwable failure) {
        if (failed <= SMALLEST) {
            throw new DeviceException(
                    "the memory of the GPU does not suffice for a batch of " + failed + " images, and Reverie tries no"
                            + " smaller ones: " + ADVICE,
                    failure);
        }
        int half = Math.max(SMALLEST, failed / 2);
        if (samples.getAndAccumulate(half, Math::min) > half) {
            halvings.incrementAndGet();
            LOG.warn(
                    "The memory of the GPU does not suffice for a batch of {} images, so batches have at most {} from"
                            + " now on, and computing may take longer; to use large batches again, {}, and restart"
                            + " Reverie ({})",
                    failed,
                    half,
                    ADVICE,
                    String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
        }
    }
}
