package dev.reverie.gpu.coded;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import dev.reverie.gpu.dataset.SoftLabels;
import dev.reverie.gpu.dataset.TorchFile;
import dev.reverie.gpu.synthetic.StoredSet;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a file of a distilled set contains: pictures, arrays, tensors of PyTorch, or packed arrays of an earlier
 * version.
 *
 * @param storedBytes size of the stored images as they are kept in the file, and of the soft labels, if any
 */
public record DistilledSetFile(DistilledSet set, long storedBytes) {

    /** Leaves out the soft labels, if there are any. */
    public DistilledSetFile withHardLabels() {
        DistilledSet hard = set.withHardLabels();
        return new DistilledSetFile(hard, storedBytes - set.storedBytes() + hard.storedBytes());
    }

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
        if (PackedNpzFile.isPacked(file)) {
            return PackedNpzFile.read(file, DistilledSetFile::unpacked);
        }
        DistilledSet set = TorchFile.isAt(file) ? TorchFile.read(file) : NpzFile.read(file);
        return new DistilledSetFile(set, set.storedBytes());
    }

    private static DistilledSetFile unpacked(
            DistilledSet stored, int factor, Optional<SoftLabels> softLabels, long bytes) {
        DistilledSet set = new StoredSet(
                        stored.images(), stored.labels(), factor, stored.normalisation(), stored.classes())
                .decoded(softLabels);
        return new DistilledSetFile(set, set.storedBytes() - set.parameters().bytes() + bytes);
    }
}
