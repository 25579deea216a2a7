package dev.reverie.gpu.dataset;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes one PNG or JPEG file to an {@link Image} of one channel (grey pictures) or three (all others). The header is
 * checked before anything is decoded, and a file that does not end as its format ends is refused: ImageIO would fill
 * the missing rows with grey.
 */
final class PictureFile {

    /** A picture may have this many pixels, about 2,048 x 2,048. */
    static final long MAX_PIXELS = 1L << 22;

    private static final long MAX_FILE_BYTES = 1L << 26;
    private static final int OPAQUE = 0xff;
    private static final HexFormat HEX = HexFormat.of();

    private final Path file;

    private PictureFile(Path file) {
        this.file = file;
    }

    /**
     * Decodes {@code file}.
     *
     * @throws DatasetException if it is no PNG or JPEG, not what its name says, truncated, empty, too large, or partly
     *     transparent
     */
    static Image read(Path file) {
        return new PictureFile(file).read();
    }

    private enum Format {
        PNG("89504e470d0a1a0a", "49454e44ae426082"), // signature; name and checksum of the closing chunk IEND
        JPEG("ffd8ff", "ffd9"); // start of image and next marker; end of image

        private final String head;
        private final String tail;

        Format(String head, String tail) {
            this.head = head;
            this.tail = tail;
        }

        static Optional<Format> byName(Path file) {
            String name = file.toString().toLowerCase(Locale.ROOT);
            if (name.endsWith(".png")) {
                return Optional.of(PNG);
            }
            return name.endsWith(".jpg") || name.endsWith(".jpeg") ? Optional.of(JPEG) : Optional.empty();
        }

        boolean begins(byte[] content) {
            return HEX.formatHex(content, 0, Math.min(content.length, head.length() / 2))
                    .equals(head);
        }

        boolean ends(byte[] content) {
            return HEX.formatHex(content, Math.max(0, content.length - tail.length() / 2), content.length)
                    .equals(tail);
        }
    }

    private Image read() {
        Format format = Format.byName(file)
                .orElseThrow(
                        () -> new DatasetException(file + " is no .png, .jpg or .jpeg: convert it or take it away"));
        try {
            byte[] content = content(format);
            return toImage(decode(format, content));
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    private byte[] content(Format format) throws IOException {
        long size = Files.size(file);
        if (size == 0) {
            throw new DatasetException(file + " is empty");
        }
        if (size > MAX_FILE_BYTES) {
            throw new DatasetException(file + " has " + size + " bytes, more than the " + MAX_FILE_BYTES + " allowed");
        }
        byte[] content = Files.readAllBytes(file);
        if (!format.begins(content)) {
            String actual = Stream.of(Format.values())
                    .filter(other -> other.begins(content))
                    .map(other -> "it is a " + other)
                    .findFirst()
                    .orElse("it is no picture");
            throw new DatasetException(file + " is not the " + format + " its name promises: " + actual);
        }
        if (!format.ends(content)) {
            throw new DatasetException(file + " is truncated: it does not end as a " + format + " ends");
        }
        return content;
    }

    private BufferedImage decode(Format format, byte[] content) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            reader.setInput(in, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MAX_PIXELS) {
                throw new DatasetException(file + " claims " + reader.getWidth(0) + "x" + reader.getHeight(0)
                        + " pixels, more than the " + MAX_PIXELS + " allowed: scale it down");
            }
            return reader.read(0);
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw new DatasetException(file + " is damaged: it cannot be decoded", e); // ImageIO on a broken header
        } finally {
            reader.dispose();
        }
    }

    private Image toImage(BufferedImage picture) {
        return picture.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY ? grey(picture) : rgb(picture);
    }

    /** Takes the stored samples: {@code getRGB} would convert Java's linear grey to sRGB and brighten the picture. */
    private Image grey(BufferedImage picture) {
        requireOpaque(picture);
        Raster raster = picture.getRaster();
        int bits = raster.getSampleModel().getSampleSize(0);
        int levels = (1 << bits) - 1;
        ImageShape shape = new ImageShape(1, picture.getHeight(), picture.getWidth());
        int[] samples = raster.getSamples(0, 0, shape.width(), shape.height(), 0, new int[shape.planeSize()]);
        byte[] pixels = new byte[samples.length];
        for (int i = 0; i < samples.length; i++) {
            pixels[i] = (byte) Math.round(samples[i] * 255.0 / levels);
        }
        return Image.of(shape, pixels);
    }

    private Image rgb(BufferedImage picture) {
        requireOpaque(picture);
        ImageShape shape = new ImageShape(3, picture.getHeight(), picture.getWidth());
        int plane = shape.planeSize();
        int[] argb = picture.getRGB(0, 0, shape.width(), shape.height(), new int[plane], 0, shape.width());
        byte[] pixels = new byte[shape.size()];
        for (int i = 0; i < plane; i++) {
            pixels[i] = (byte) (argb[i] >> 16);
            pixels[plane + i] = (byte) (argb[i] >> 8);
            pixels[2 * plane + i] = (byte) argb[i];
        }
        return Image.of(shape, pixels);
    }

    private void requireOpaque(BufferedImage picture) {
        if (!picture.getColorModel().hasAlpha()) {
            return;
        }
        int[] argb = picture.getRGB(
                0,
                0,
                picture.getWidth(),
                picture.getHeight(),
                new int[picture.getWidth() * picture.getHeight()],
                0,
                picture.getWidth());
        if (Arrays.stream(argb).anyMatch(pixel -> pixel >>> 24 != OPAQUE)) {
            throw new DatasetException(file + " has transparent pixels: lay it on a background first");
        }
    }
}
