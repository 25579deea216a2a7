package dev.reverie.gpu.synthetic;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import dev.reverie.gpu.dataset.SoftLabels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** The files of distilled sets, packed or not. */
public final class DistilledSetFile {

    private DistilledSetFile() {}

    /**
     * Reads a set, and decodes it if it is packed.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if the file contains no set; see {@link NpzFile#read(Path)} and
     *     {@link PackedNpzFile#read(Path, PackedNpzFile.Decoding)}
     */
    public static DistilledSet read(Path file) {
        return PackedNpzFile.isPacked(file) ? PackedNpzFile.read(file, DistilledSetFile::decoded) : NpzFile.read(file);
    }

    private static DistilledSet decoded(DistilledSet stored, int factor, Optional<SoftLabels> softLabels) {
        return new StoredSet(stored.images(), stored.labels(), factor, stored.normalisation(), stored.classes())
                .decoded(softLabels);
    }

    /** Returns the size of the compressed file of {@code set} in bytes; if the set is packed, of its packed file. */
    public static long bytes(DistilledSet set) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            if (PackedNpzFile.canHold(set)) {
                PackedNpzFile.write(set, file);
            } else {
                NpzFile.write(set, NpzFile.Numbering.INDEX, file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.size();
    }
}
