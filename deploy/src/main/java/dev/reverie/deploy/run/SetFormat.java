package dev.reverie.deploy.run;

import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.MemoryZip;
import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.synthetic.StoredSet;
import java.io.IOException;
import java.util.Locale;

/**
 * The format in which a distilled set is stored.
 *
 * @param dtype type of the values in the file of arrays
 * @param coding how the images of a class become a picture
 */
public record SetFormat(Dtype dtype, Coding coding) {

    private static final double MEGA = 1e6;

    public static final SetFormat BYTES = new SetFormat(Dtype.UINT8, Coding.LOSSLESS);

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

    /** Returns a learned set as it is stored in arrays and evaluated. */
    DistilledSet of(DistilledSet learned) {
        return dtype == Dtype.FLOAT32 ? learned : StoredSet.inBytes(learned);
    }

    /** Writes a set that {@link #of} returned, as arrays and as pictures. */
    void write(DistilledSet set, RunFolder folder) throws IOException {
        NpzFile.write(set, folder.set());
        if (MemoryZip.canHold(set)) {
            AtomicFile.write(folder.pictures(), out -> MemoryZip.write(set, coding, out));
        }
    }
}
