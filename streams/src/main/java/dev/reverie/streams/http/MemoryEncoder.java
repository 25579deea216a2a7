package dev.reverie.streams.http;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageGrid;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Encodes memories and image grids on a separate executor, so that encoding does not block connections. */
record MemoryEncoder(Executor executor) {

    /**
     * Maximum number of pixels of a grid, because the service draws grids in memory and for several clients at once.
     */
    static final long MAX_PIXELS = 32L << 20;

    private interface Encoding {
        void writeTo(OutputStream out) throws IOException;
    }

    CompletionStage<byte[]> npz(DistilledSet set) {
        return encode(out -> NpzFile.write(set, out));
    }

    /** Encodes the stored images of a set, which are packed. */
    CompletionStage<byte[]> packed(DistilledSet set) {
        return encode(out -> PackedNpzFile.write(set, out));
    }

    /**
     * Encodes selected images of a set as NPZ.
     *
     * @param batch indices of the images; an index may occur several times
     * @param compressed whether the entries of the archive are deflated
     */
    CompletionStage<byte[]> batch(DistilledSet source, List<Integer> batch, boolean compressed) {
        return encode(out -> {
            DistilledSet picked = source.pick(batch);
            if (compressed) {
                NpzFile.write(picked, out);
            } else {
                NpzFile.writeStored(picked, out);
            }
        });
    }

    CompletionStage<byte[]> png(ImageGrid grid) {
        return encode(grid::writePng);
    }

    private CompletionStage<byte[]> encode(Encoding encoding) {
        return CompletableFuture.supplyAsync(
                () -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    try {
                        encoding.writeTo(bytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return bytes.toByteArray();
                },
                executor);
    }
}
