package dev.reverie.gpu.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Reads one PNG or JPEG file with {@link ImageDecoder}. */
public final class ImageFile {

    /** Maximum number of pixels of an image that is not scaled down, 2,048 x 2,048. */
    public static final long MAX_PIXELS = 1L << 22;

    private static final long MAX_FILE_BYTES = 1L << 26;

    private ImageFile() {}

    /**
     * Decodes {@code file}.
     *
     * @throws DatasetException if the file is not a PNG or JPEG, contradicts its extension, or is truncated, empty, too
     *     large, or partly transparent
     */
    public static Image read(Path file, long maxPixels) {
        ImageFormat named = formatByName(file);
        byte[] content = content(file);
        Optional<ImageFormat> actual = ImageFormat.of(content);
        if (!actual.equals(Optional.of(named))) {
            throw new DatasetException(file + " is "
                    + actual.map(format -> "a " + format).orElse("neither a PNG nor a JPEG")
                    + ", although its name says " + named + ": rename it, convert it to " + named + ", or remove it");
        }
        return ImageDecoder.decode(content, file.toString(), maxPixels);
    }

    /** Returns the format that the extension of a file promises. */
    public static ImageFormat formatByName(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            return ImageFormat.PNG;
        }
        if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
            return ImageFormat.JPEG;
        }
        throw new DatasetException(file + " is not a .png, .jpg or .jpeg file: convert or remove it");
    }

    private static byte[] content(Path file) {
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
}
