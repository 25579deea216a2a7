package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DataTooLargeException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageDecoder;
import dev.reverie.gpu.dataset.ImageFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.zip.Checksum;

/**
 * A picture of a class.
 *
 * @param name name of the file in the folder; a path, because it can contain bytes that the locale cannot decode
 * @param modifiedMillis time of its last change, in milliseconds since 1970
 */
public record PictureFile(Path folder, Path name, int label, long bytes, long modifiedMillis) {

    private static final long MAX_FILE_BYTES = 1L << 26;

    static PictureFile of(Path folder, Path name, int label) {
        Path path = folder.resolve(name);
        formatByName(path);
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new PictureFile(
                    folder,
                    name,
                    label,
                    attributes.size(),
                    attributes.lastModifiedTime().toMillis());
        } catch (IOException e) {
            throw DatasetException.unreadable(path, e);
        }
    }

    /** Returns the format that the extension of a file promises; refuses a file with another one. */
    private static ImageFormat formatByName(Path file) {
        return ImageFormat.promisedBy(file.toString())
                .orElseThrow(
                        () -> new DatasetException(file + " is not a .png, .jpg or .jpeg file: convert or remove it"));
    }

    /**
     * Decodes the picture.
     *
     * @throws DatasetException if the file is not a PNG or JPEG, contradicts its extension, or is truncated, empty, too
     *     large, or partly transparent
     */
    Image read(long maxPixels) {
        Path file = path();
        ImageFormat named = formatByName(file);
        byte[] content = content();
        Optional<ImageFormat> actual = ImageFormat.of(content);
        if (!actual.equals(Optional.of(named))) {
            throw new DatasetException(file + " is "
                    + actual.map(format -> "a " + format).orElse("neither a PNG nor a JPEG")
                    + ", although its name says " + named + ": rename it, convert it to " + named + ", or remove it");
        }
        return ImageDecoder.decode(content, file.toString(), maxPixels);
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
        return folder.resolve(name);
    }

    /** Adds the path below the root, which stays the same when the root is moved, or the file is repaired. */
    void addTo(Checksum checksum) {
        Path splitAndClass = folder.subpath(folder.getNameCount() - 2, folder.getNameCount());
        checksum.update(splitAndClass.resolve(name).toString().getBytes(StandardCharsets.UTF_8));
    }
}
