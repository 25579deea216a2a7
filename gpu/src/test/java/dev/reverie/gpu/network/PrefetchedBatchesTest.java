package dev.reverie.gpu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.augment.TrainingAugmentation.TrainingBatch;
import dev.reverie.gpu.network.BatchTrainer.PrefetchedBatches;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Batches that are prepared ahead")
@Timeout(20)
class PrefetchedBatchesTest {

    private static final TrainingBatch FIRST = new TrainingBatch(List.of(new double[] {1}), List.of());
    private static final TrainingBatch SECOND = new TrainingBatch(List.of(new double[] {2}), List.of());

    @Test
    @DisplayName("come in order")
    void inOrder() {
        PrefetchedBatches batches = new PrefetchedBatches(List.of(() -> FIRST, () -> SECOND));

        assertThat(batches).toIterable().containsExactly(FIRST, SECOND);
        assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    @DisplayName("are prepared one at a time, the next one before it is asked for")
    void oneAhead() {
        AtomicInteger prepared = new AtomicInteger();
        CompletableFuture<TrainingBatch> second = new CompletableFuture<>();
        Supplier<TrainingBatch> third = () -> {
            prepared.incrementAndGet();
            return FIRST;
        };

        PrefetchedBatches batches = new PrefetchedBatches(List.of(
                () -> FIRST,
                () -> {
                    second.complete(SECOND);
                    return SECOND;
                },
                third));
        assertThat(batches.next()).isSameAs(FIRST);

        assertThat(second.join()).isSameAs(SECOND);
        assertThat(prepared).hasValue(0);
    }

    @Test
    @DisplayName("that cannot be prepared fail when they are asked for, not before")
    void fails() {
        IllegalStateException unreadable = new IllegalStateException("unreadable");
        PrefetchedBatches batches = new PrefetchedBatches(List.of(() -> FIRST, () -> {
            throw unreadable;
        }));

        assertThat(batches.next()).isSameAs(FIRST);

        assertThatThrownBy(batches::next).isSameAs(unreadable);
    }
}
