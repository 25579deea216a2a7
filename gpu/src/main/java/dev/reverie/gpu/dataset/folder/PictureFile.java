package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DataTooLargeException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageDecoder;
import dev.reverie.gpu.dataset.PixelLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import java.util.zip.Checksum;

/**
 * A picture of a class.
 *
 * @param name path of the file below the root; no text, because it can contain bytes that the locale cannot decode
 * @param label class index
 * @param modifiedMillis time of its last change, in milliseconds since 1970
 */
public record PictureFile(Path root, Path name, int label, long bytes, long modifiedMillis) {

    private static final long MAX_FILE_BYTES = 1L << 26;

    /** Creates a picture whose class has no index yet. */
    static PictureFile of(Path root, Path file, BasicFileAttributes attributes) {
        return new PictureFile(
                root,
                root.relativize(file),
                0,
                attributes.size(),
                attributes.lastModifiedTime().toMillis());
    }

    PictureFile withLabel(int classIndex) {
        return new PictureFile(root, name, classIndex, bytes, modifiedMillis);
    }

    /**
     * Decodes the picture.
     *
     * @throws DatasetException if the file is not a picture, or is truncated, empty or too large
     */
    Image read(PixelLimits limits) {
        return ImageDecoder.open(content(), path().toString(), limits).decode();
    }

    /**
     * Reads the file.
     *
     * @throws DatasetException if it is missing, empty or too large
     */
    public byte[] content() {
        Path file = path();
        try {
            long size = Files.size(file);
            if (size == 0) {
                throw new DatasetException(file + " is empty: replace or remove it");
            }
            if (size > MAX_FILE_BYTES) {
                throw new DataTooLargeException(file + " has " + size + " bytes, more than the " + MAX_FILE_BYTES
                        + " allowed: scale the image down");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    public Path path() {
        return root.resolve(name);
    }

    /** Returns a number in [0, 1) that depends only on the path below the root, as if it were drawn at random. */
    double rank() {
        byte[] bytes = portable(name).getBytes(StandardCharsets.UTF_8);
        return (UUID.nameUUIDFromBytes(bytes).getMostSignificantBits() >>> Integer.SIZE) / 0x1p32;
    }

    /** Adds the path below the root, which stays the same when the root is moved, or the file is repaired. */
    void addTo(Checksum checksum) {
        checksum.update(portable(name).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a relative path as text that is the same on all systems. */
    static String portable(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }
}
