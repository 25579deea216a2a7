package dev.reverie.gpu.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Compute threads")
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ComputeThreadsTest {

    @Test
    @DisplayName("return results in the order of the pieces")
    void order() {
        try (ComputeThreads threads = new ComputeThreads(Device.referenceKernels(Precision.DOUBLE), 2)) {
            assertThat(threads.map(5, (index, workspace) -> 10 * index)).isEqualTo(List.of(0, 10, 20, 30, 40));
        }
    }

    @Test
    @DisplayName("pass on the exception of a piece, after the other pieces have ended")
    void failure() {
        CountDownLatch failed = new CountDownLatch(1);
        AtomicBoolean otherEnded = new AtomicBoolean();
        try (ComputeThreads threads = new ComputeThreads(Device.referenceKernels(Precision.DOUBLE), 2)) {
            assertThatThrownBy(() -> threads.forEach(2, index -> {
                        if (index == 0) {
                            failed.countDown();
                            throw new DatasetException("1.png is empty");
                        }
                        awaitUninterruptibly(failed);
                        otherEnded.set(true);
                    }))
                    .isInstanceOf(DatasetException.class)
                    .hasMessage("1.png is empty");
            assertThat(otherEnded).isTrue();
        }
    }

    @Test
    @DisplayName("take back the memory of all pieces if one fails")
    void memoryOfFailure() {
        try (ComputeThreads threads = new ComputeThreads(Device.referenceKernels(Precision.DOUBLE), 2)) {
            assertThatThrownBy(() -> threads.map(2, (index, workspace) -> {
                        workspace.take(100);
                        if (index == 0) {
                            throw new DatasetException("1.png is empty");
                        }
                        return index;
                    }))
                    .isInstanceOf(DatasetException.class);
            long before = threads.allocatedElements();

            threads.map(2, (index, workspace) -> workspace.take(100));

            assertThat(threads.allocatedElements()).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("repeat no computation on the host, whose memory limits no batch")
    void noRepetition() {
        AtomicInteger attempts = new AtomicInteger();
        IllegalStateException failure = new IllegalStateException("CUDA out of memory");
        try (ComputeThreads threads = new ComputeThreads(Device.referenceKernels(Precision.DOUBLE), 2)) {
            assertThatThrownBy(() -> threads.fit(100, () -> {
                        attempts.incrementAndGet();
                        throw failure;
                    }))
                    .isSameAs(failure);
            assertThat(attempts).hasValue(1);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
