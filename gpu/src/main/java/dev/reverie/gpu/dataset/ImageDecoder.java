package dev.reverie.gpu.dataset;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes one PNG or JPEG into an {@link Image}, with one channel if the file is grey by its format, whatever the
 * number of bits, and three otherwise; a palette is colour, even if all its entries are grey. Print colours become RGB,
 * transparent pixels are seen on black, and the picture is turned upright by the orientation in its EXIF data. Pixel
 * values are used as stored: colour profiles are not applied. The structure and the declared size are checked before
 * decompression. Files that lack pixels are refused; ImageIO would fill the missing parts with grey.
 */
public final class ImageDecoder {

    private ImageDecoder() {}

    /**
     * Decodes {@code content}.
     *
     * @throws DataTooLargeException if the header declares more than {@code maxPixels} pixels
     * @throws DatasetException if the content is not a PNG or JPEG, or is truncated, damaged or animated
     */
    public static Image decode(byte[] content, String name, long maxPixels) {
        ImageFormat format = ImageFormat.of(content)
                .orElseThrow(
                        () -> new DatasetException(name + " is neither a PNG nor a JPEG: convert it to one of them"));
        try {
            SanitisedImage image = SanitisedImage.of(format, content);
            if (image.pixels() > maxPixels) {
                throw new DataTooLargeException(name + " has " + image.size() + " pixels, more than the " + maxPixels
                        + " allowed: scale it down");
            }
            Optional<PrintColours> printColours = image.printColours();
            Image unpacked = printColours.isPresent() ? printed(image, printColours.get()) : unpacked(format, image);
            return image.orientation().apply(unpacked);
        } catch (FileFormatException e) {
            throw new DatasetException(name + " " + e.getMessage(), e);
        }
    }

    private static Image unpacked(ImageFormat format, SanitisedImage image) throws FileFormatException {
        BufferedImage picture = read(format, image, reader -> reader.read(0));
        return image.isGrey() ? grey(picture, image.transparentLevel()) : RgbPicture.toImage(picture, 3);
    }

    /** Reads the stored channels, because ImageIO does not convert print colours. */
    private static Image printed(SanitisedImage image, PrintColours colours) throws FileFormatException {
        return colours.mixed(
                read(ImageFormat.JPEG, image, reader -> reader.readRaster(0, reader.getDefaultReadParam())));
    }

    private interface Read<T> {
        T by(ImageReader reader) throws IOException;
    }

    private static <T> T read(ImageFormat format, SanitisedImage image, Read<T> read) throws FileFormatException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream in = new MemoryCacheImageInputStream(
                new ByteArrayInputStream(image.content().array()))) {
            reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
            reader.setInput(in, true, true);
            T picture = read.by(reader);
            if (warnings.stream().anyMatch(ImageDecoder::tellsOfDamage)) {
                throw damaged();
            }
            return picture;
        } catch (IOException | RuntimeException _) { // ImageIO throws all kinds of exceptions on damaged data
            throw damaged();
        } finally {
            reader.dispose();
        }
    }

    /** Recognises the warnings after which libjpeg fills the rest of the image with grey. */
    private static boolean tellsOfDamage(String warning) {
        return Stream.of("Corrupt JPEG data", "Premature end", "Truncated").anyMatch(warning::contains);
    }

    private static FileFormatException damaged() {
        return new FileFormatException("cannot be decoded: it is damaged or unsupported; save it again as grey or RGB");
    }

    /**
     * Reads the stored levels, because {@code getRGB} would convert Java's linear grey to sRGB and brighten the image.
     */
    private static Image grey(BufferedImage picture, OptionalInt transparentLevel) {
        Raster raster = picture.getRaster();
        int bits = raster.getSampleModel().getSampleSize(0);
        int levels = (1 << bits) - 1;
        ImageShape shape = new ImageShape(1, picture.getHeight(), picture.getWidth());
        int[] samples = raster.getSamples(0, 0, shape.width(), shape.height(), 0, new int[shape.planeSize()]);
        byte[] pixels = new byte[samples.length];
        for (int i = 0; i < samples.length; i++) {
            boolean transparent = transparentLevel.isPresent() && samples[i] == (transparentLevel.getAsInt() & levels);
            double opacity = raster.getNumBands() == 1
                    ? 1
                    : (double) raster.getSample(i % shape.width(), i / shape.width(), 1) / levels;
            pixels[i] = (byte) (transparent ? 0 : Math.round(opacity * samples[i] * 255.0 / levels));
        }
        return Image.of(shape, pixels);
    }
}
