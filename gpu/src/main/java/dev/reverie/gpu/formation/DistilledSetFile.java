package dev.reverie.gpu.formation;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.PackedNpzFile;
import java.nio.file.Path;

/** Reads the files of distilled sets, packed or not. */
public final class DistilledSetFile {

    private DistilledSetFile() {}

    /**
     * Reads a set, and decodes it if it is packed.
     *
     * @throws dev.reverie.gpu.dataset.DatasetException if the file contains no set; see {@link NpzFile#read(Path)} and
     *     {@link PackedNpzFile#read(Path, PackedNpzFile.Decoding)}
     */
    public static DistilledSet read(Path file) {
        return PackedNpzFile.isPacked(file) ? PackedNpzFile.read(file, Quantisation::decoded) : NpzFile.read(file);
    }
}
