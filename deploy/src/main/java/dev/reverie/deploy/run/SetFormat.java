package dev.reverie.deploy.run;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import dev.reverie.gpu.synthetic.StoredSet;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;

/**
 * The format in which a distilled set is stored.
 *
 * @param dtype type of the values in the file of the set
 * @param bits bits per stored value, if the type is unsigned bytes
 */
public record SetFormat(Dtype dtype, Bits bits) {

    private static final double MEGA = 1e6;

    public static final SetFormat BYTES = new SetFormat(Dtype.UINT8, Bits.EIGHT);

    /**
     * Checks that the two fit.
     *
     * @throws InputException if floats are to be packed
     */
    public SetFormat {
        if (dtype == Dtype.FLOAT32 && bits.packs()) {
            throw new InputException("--dtype float32 has 32 bits per value: omit --bits or --dtype");
        }
    }

    /** Number of bits per stored value: 32, 8, 4 or 2. */
    int bitsPerValue() {
        return dtype == Dtype.FLOAT32 ? Float.SIZE : bits.count();
    }

    /**
     * Returns how many stored images fit into a number of bytes.
     *
     * @throws InputException if not even one does
     */
    public int imagesIn(int bytes, ImageShape shape) {
        int image = imageBytes(shape);
        if (bytes < image) {
            throw new InputException("a stored image of " + shape + " takes " + image + " bytes: choose a"
                    + " --bytes-per-class of at least " + image + ", or fewer --bits");
        }
        return bytes / image;
    }

    /** The number of bytes that a stored image takes. */
    public int imageBytes(ImageShape shape) {
        return dtype == Dtype.FLOAT32 ? shape.size() * Float.BYTES : bits.bytesPerImage(shape);
    }

    /**
     * Checks that a file can hold a set.
     *
     * @param images number of stored images of all classes
     * @throws InputException if its decoded images are larger than an array in a file may be
     */
    public void requireRoom(int images, int factor, ImageShape shape) {
        double bytes = (double) images * factor * factor * shape.size() * dtype.bytes();
        if (bytes > NpzFile.MAX_BYTES) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%d stored images of %s decode to %.0f MB, but a file holds at most %.0f MB: choose a smaller --ipc,"
                            + " --factor or --resize, or fewer --classes",
                    images,
                    shape,
                    bytes / MEGA,
                    NpzFile.MAX_BYTES / MEGA));
        }
    }

    /** Returns a learned set as it is stored and evaluated. */
    DistilledSet of(DistilledSet learned) {
        return dtype == Dtype.FLOAT32 ? learned : StoredSet.quantised(bits, learned);
    }

    /** Writes a set that {@link #of} returned; below 8 bits, also as a packed file. */
    void write(DistilledSet set, RunFolder folder) throws IOException {
        NpzFile.write(set, folder.set());
        if (bits.packs()) {
            PackedNpzFile.write(set, folder.packedSet());
        } else {
            Files.deleteIfExists(folder.packedSet()); // a resumed run may have written one before
        }
    }
}
