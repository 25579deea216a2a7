package dev.reverie.gpu.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The four files in which MNIST and its relatives are published. */
public enum IdxFile {
    TRAIN_IMAGES("train-images", 3),
    TRAIN_LABELS("train-labels", 1),
    TEST_IMAGES("t10k-images", 3),
    TEST_LABELS("t10k-labels", 1);

    private static final int BUFFER = 1 << 16;
    private static final int GZIP_MAGIC_1 = 0x1f;
    private static final int GZIP_MAGIC_2 = 0x8b;

    private final String stem;
    private final int rank;

    IdxFile(String stem, int rank) {
        this.stem = stem;
        this.rank = rank;
    }

    /** The publishers' name, uncompressed: for example {@code train-images-idx3-ubyte}. */
    public String fileName() {
        return stem + "-idx" + rank + "-ubyte";
    }

    /** All names under which the file is found, preferred first. */
    public Stream<String> spellings() {
        return Stream.of(fileName(), stem + ".idx" + rank + "-ubyte").flatMap(name -> Stream.of(name, name + ".gz"));
    }

    /** The file in {@code directory}, by the first spelling that exists. */
    public Optional<Path> in(Path directory) {
        return spellings().map(directory::resolve).filter(Files::isRegularFile).findFirst();
    }

    /**
     * Opens a file for reading its uncompressed content; whether it is gzipped is seen from its first bytes, since
     * browsers like to unpack a download and keep the name.
     */
    public static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            in.mark(2);
            boolean gzipped = in.read() == GZIP_MAGIC_1 && in.read() == GZIP_MAGIC_2;
            in.reset();
            return gzipped ? new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
