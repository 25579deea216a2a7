package dev.reverie.gpu.coded;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import dev.reverie.gpu.synthetic.StoredSet;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a file of a distilled set contains: pictures, arrays, or packed arrays of an earlier version.
 *
 * @param storedBytes size of the stored images as they are kept in the file, and of the soft labels, if any
 */
public record DistilledSetFile(DistilledSet set, long storedBytes) {

    /**
     * Reads a set, and decodes its stored images.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if the file contains no set
     */
    public static DistilledSetFile read(Path file) {
        if (MemoryZip.isAt(file)) {
            MemoryZip.Content memory = MemoryZip.read(file);
            return new DistilledSetFile(memory.set().decoded(), memory.bytes());
        }
        DistilledSet set = PackedNpzFile.isPacked(file)
                ? PackedNpzFile.read(
                        file,
                        (stored, factor, soft) -> new StoredSet(
                                        stored.images(),
                                        stored.labels(),
                                        factor,
                                        stored.normalisation(),
                                        stored.classes())
                                .decoded(soft))
                : NpzFile.read(file);
        return new DistilledSetFile(set, set.storedBytes());
    }
}
