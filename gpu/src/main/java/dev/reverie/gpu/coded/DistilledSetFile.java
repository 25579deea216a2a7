package dev.reverie.gpu.coded;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import dev.reverie.gpu.dataset.SoftLabels;
import dev.reverie.gpu.dataset.TorchFile;
import dev.reverie.gpu.synthetic.StoredSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

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
        Set<String> entries = entries(file);
        if (entries.isEmpty()) {
            TorchFile.requireZip(file);
        }
        if (entries.contains(MemoryZip.DESCRIPTION)) {
            MemoryZip.Content memory = MemoryZip.read(file);
            return new DistilledSetFile(memory.set().decoded(), memory.bytes());
        }
        if (PackedNpzFile.matches(entries)) {
            return PackedNpzFile.read(file, DistilledSetFile::unpacked);
        }
        DistilledSet set = TorchFile.matches(entries) ? TorchFile.read(file) : NpzFile.read(file);
        return new DistilledSetFile(set, set.storedBytes());
    }

    /** Returns the names of the entries of a zip; none if the file is none, or cannot be read. */
    private static Set<String> entries(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.stream().map(ZipEntry::getName).collect(Collectors.toSet());
        } catch (IOException _) {
            return Set.of();
        }
    }

    private static DistilledSetFile unpacked(
            DistilledSet stored, int factor, Optional<SoftLabels> softLabels, long bytes) {
        DistilledSet set = new StoredSet(
                        stored.images(), stored.labels(), factor, stored.normalisation(), stored.classes())
                .decoded(softLabels);
        return new DistilledSetFile(set, set.storedBytes() - set.parameters().bytes() + bytes);
    }
}
