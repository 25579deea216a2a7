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
import java.util.function.Supplier;

/** Encodes memories and image grids on a separate executor, so that encoding does not block connections. */
record MemoryEncoder(Executor executor) {

    /** Maximum number of pixels of a grid. The service draws grids in memory, possibly for several clients at once. */
    static final long MAX_PIXELS = 32L << 20;

    @FunctionalInterface
    private interface Encoding {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Encodes a whole set as NPZ, with compression.
     *
     * @param set called on the executor, because a set may have to be decoded first
     */
    CompletionStage<byte[]> npz(Supplier<DistilledSet> set) {
        return encode(out -> NpzFile.write(set.get(), out));
    }

    /**
     * Encodes the stored images of a set in the 4 or 2 bits per value in which the service keeps them.
     *
     * @return fails with an {@link IllegalArgumentException} if the images are not packed; see
     *     {@link PackedNpzFile#canHold}
     */
    CompletionStage<byte[]> packed(DistilledSet set) {
        return encode(out -> PackedNpzFile.write(set, out));
    }

    /**
     * Encodes selected images of a set as NPZ.
     *
     * @param set called on the executor, because a set may have to be decoded first
     * @param batch indices of the images; an index may occur several times
     * @param compressed whether the entries of the archive are deflated
     */
    CompletionStage<byte[]> batch(Supplier<DistilledSet> set, List<Integer> batch, boolean compressed) {
        return encode(out -> {
            DistilledSet picked = set.get().pick(batch);
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
