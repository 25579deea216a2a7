package dev.reverie.streams.http;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageGrid;
import dev.reverie.gpu.dataset.NpzFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Writes memories and pictures as bytes, away from the threads that answer. */
record MemoryEncoder(Executor executor) {

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    CompletionStage<byte[]> memory(DistilledSet set) {
        return written(out -> NpzFile.write(set, out));
    }

    /**
     * Some images of a set.
     *
     * @param batch their indices; one may come again
     */
    CompletionStage<byte[]> batch(DistilledSet source, List<Integer> batch) {
        return written(out -> NpzFile.writeRaw(source.pick(batch), out));
    }

    CompletionStage<byte[]> picture(ImageGrid grid) {
        return written(grid::writePng);
    }

    private CompletionStage<byte[]> written(Writing writing) {
        return CompletableFuture.supplyAsync(
                () -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    try {
                        writing.to(bytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return bytes.toByteArray();
                },
                executor);
    }
}
