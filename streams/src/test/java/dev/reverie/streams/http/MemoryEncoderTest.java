package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.StoredSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The encoder of memories")
class MemoryEncoderTest {

    private final List<Runnable> encodings = new ArrayList<>();
    private final MemoryEncoder encoder = new MemoryEncoder(encodings::add);
    private final AtomicInteger decoded = new AtomicInteger();

    private DistilledSet decode() {
        decoded.incrementAndGet();
        ImageShape shape = new ImageShape(1, 2, 2);
        return new StoredSet(
                        ImageBatch.of(shape, new float[shape.size()]),
                        List.of(0),
                        1,
                        Normalisation.neutral(shape),
                        ClassList.of(List.of("cat")))
                .decoded();
    }

    @Test
    @DisplayName("has sets decoded on its executor, and not by the thread that asks")
    void decodes() {
        // when
        CompletionStage<byte[]> whole = encoder.npz(this::decode);
        CompletionStage<byte[]> batch = encoder.batch(this::decode, List.of(0), false);

        // then
        assertThat(decoded).hasValue(0);
        encodings.forEach(Runnable::run);
        assertThat(decoded).hasValue(2);
        assertThat(whole).isCompleted();
        assertThat(batch).isCompleted();
    }
}
