package dev.reverie.gpu.dataset.published;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The four files of MNIST and of datasets in the same format. */
public enum MnistFile {
    TRAIN_IMAGES("train-images", 3),
    TRAIN_LABELS("train-labels", 1),
    TEST_IMAGES("t10k-images", 3),
    TEST_LABELS("t10k-labels", 1);

    private static final int BUFFER = 1 << 16;
    private static final int GZIP_MAGIC_1 = 0x1f;
    private static final int GZIP_MAGIC_2 = 0x8b;

    private final String stem;
    private final int rank;

    MnistFile(String stem, int rank) {
        this.stem = stem;
        this.rank = rank;
    }

    /** The published name without {@code .gz}, for example {@code train-images-idx3-ubyte}. */
    public String fileName() {
        return stem + "-idx" + rank + "-ubyte";
    }

    /** All names that the file can have, in order of preference. */
    public Stream<String> spellings() {
        return Stream.of(fileName(), stem + ".idx" + rank + "-ubyte").flatMap(name -> Stream.of(name, name + ".gz"));
    }

    /** Finds the file in {@code directory} by the first name that exists. */
    public Optional<Path> in(Path directory) {
        return spellings().map(directory::resolve).filter(Files::isRegularFile).findFirst();
    }

    /**
     * Opens a file, and decompresses it if its first bytes show that it is gzipped. The file name is not sufficient,
     * because browsers can decompress a download without changing the name.
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
