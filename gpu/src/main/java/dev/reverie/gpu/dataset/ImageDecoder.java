package dev.reverie.gpu.dataset;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * Decodes one picture in an {@link ImageFormat} into an {@link Image}, with one channel if the file is grey by its
 * format, whatever the number of bits, and three otherwise. The palette of a PNG is colour, even if all its entries are
 * grey; in the formats whose grey pictures need a palette, such a palette is grey. Print colours become RGB,
 * transparent pixels are seen on black, and the picture is turned upright by the orientation in its EXIF data. Of an
 * animation, the first picture is decoded. Pixel values are used as stored: colour profiles are not applied. The
 * structure and the declared size are checked before decompression. Files that lack pixels are refused; ImageIO would
 * fill the missing parts with grey.
 */
public final class ImageDecoder {

    /** Maximum memory for decoding one picture, without the result. */
    private static final long MAX_WORKING_BYTES = 1L << 28;

    private final String name;
    private final CheckedImage picture;
    private final int step;

    private ImageDecoder(String name, CheckedImage picture, int step) {
        this.name = name;
        this.picture = picture;
        this.step = step;
    }

    /**
     * Decodes {@code content}.
     *
     * @throws DataTooLargeException if the header declares more than {@code maxPixels} pixels
     * @throws DatasetException if the content is no picture in a supported format, or is truncated or damaged
     */
    public static Image decode(byte[] content, String name, long maxPixels) {
        return open(content, name, PixelLimits.whole(maxPixels)).decode();
    }

    /**
     * Checks the structure and the size of a picture, and decodes nothing.
     *
     * @throws DataTooLargeException if the header declares too many pixels, or decoding would take too much memory
     * @throws DatasetException if the content is no picture in a supported format, or is truncated or damaged
     */
    public static ImageDecoder open(byte[] content, String name, PixelLimits limits) {
        try {
            ImageFormat format = ImageFormat.of(content)
                    .orElseThrow(() -> new FileFormatException(ImageFormat.unsupported(content)));
            CheckedImage picture = CheckedImage.of(format, content);
            if (picture.pixels() > limits.stored()) {
                throw new DataTooLargeException(name + " has " + picture.size() + " pixels, more than the "
                        + limits.stored() + " allowed: scale it down");
            }
            if (picture.workingBytes() > MAX_WORKING_BYTES) {
                throw new DataTooLargeException(name + " has " + picture.size()
                        + " pixels that can only be decoded all at once: save it as a JPEG that is not progressive, or"
                        + " scale it down");
            }
            return new ImageDecoder(name, picture, limits.step(picture.width(), picture.height()));
        } catch (FileFormatException e) {
            throw new DatasetException(name + " " + e.getMessage(), e);
        }
    }

    /** The memory that decoding takes beside the result, in bytes. */
    public long workingBytes() {
        return picture.workingBytes();
    }

    /**
     * Decodes the picture.
     *
     * @throws DatasetException if it is truncated or damaged
     */
    public Image decode() {
        try {
            Optional<PrintColours> printColours = picture.printColours();
            Image unpacked = printColours.isPresent() ? printed(printColours.get()) : unpacked();
            return picture.orientation().apply(unpacked);
        } catch (FileFormatException e) {
            throw new DatasetException(name + " " + e.getMessage(), e);
        }
    }

    /** Reads the stored channels, because ImageIO does not convert print colours. */
    private Image printed(PrintColours colours) throws FileFormatException {
        return colours.mixed(PictureReading.read(
                picture.format(), picture.content().array(), reader -> reader.readRaster(0, parameters(reader))));
    }

    private Image unpacked() throws FileFormatException {
        BufferedImage unpacked = PictureReading.read(
                picture.format(), picture.content().array(), reader -> reader.read(0, parameters(reader)));
        ColorModel colours = unpacked.getColorModel();
        if (picture.isGrey()) {
            return stored(unpacked.getRaster(), false, picture.transparentLevel());
        }
        if (colours instanceof IndexColorModel palette) {
            return RgbPicture.toImage(unpacked, picture.format() != ImageFormat.PNG && isGrey(palette) ? 1 : 3);
        }
        int space = colours.getColorSpace().getType();
        return space == ColorSpace.TYPE_RGB || space == ColorSpace.TYPE_GRAY
                ? stored(unpacked.getRaster(), colours.isAlphaPremultiplied(), OptionalInt.empty())
                : RgbPicture.toImage(unpacked, 3);
    }

    /** Of a large picture, decodes some pixels only, the last row among them, which a truncated file lacks. */
    private ImageReadParam parameters(ImageReader reader) {
        ImageReadParam parameters = reader.getDefaultReadParam();
        parameters.setSourceSubsampling(step, step, (picture.width() - 1) % step, (picture.height() - 1) % step);
        return parameters;
    }

    private static boolean isGrey(IndexColorModel palette) {
        return IntStream.range(0, palette.getMapSize())
                .map(palette::getRGB)
                .allMatch(rgb -> (rgb >> 16 & 0xff) == (rgb & 0xff) && (rgb >> 8 & 0xff) == (rgb & 0xff));
    }

    /**
     * Reads the stored levels, because {@code getRGB} would convert Java's linear grey to sRGB and brighten the image.
     *
     * @param premultiplied whether transparent pixels are stored as they are seen on black
     * @param transparentLevel the level of a grey image that means transparency
     */
    private static Image stored(Raster raster, boolean premultiplied, OptionalInt transparentLevel) {
        int bands = raster.getNumBands();
        ImageShape shape = new ImageShape(bands < 3 ? 1 : 3, raster.getHeight(), raster.getWidth());
        int plane = shape.planeSize();
        boolean alpha = bands > shape.channels() && !premultiplied;
        int[] opacity = alpha ? samples(raster, shape.channels()) : new int[0];
        double opaque = alpha ? levels(raster, shape.channels()) : 1;
        byte[] pixels = new byte[shape.size()];
        for (int channel = 0; channel < shape.channels(); channel++) {
            int levels = levels(raster, channel);
            int transparent = transparentLevel.isPresent() ? transparentLevel.getAsInt() & levels : -1;
            int[] samples = samples(raster, channel);
            for (int i = 0; i < plane; i++) {
                double seen = samples[i] == transparent ? 0 : samples[i] * (alpha ? opacity[i] / opaque : 1);
                pixels[channel * plane + i] = (byte) Math.round(seen * Image.MAX_LEVEL / levels);
            }
        }
        return Image.of(shape, pixels);
    }

    private static int[] samples(Raster raster, int band) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        return raster.getSamples(raster.getMinX(), raster.getMinY(), width, height, band, new int[width * height]);
    }

    private static int levels(Raster raster, int band) {
        return (1 << raster.getSampleModel().getSampleSize(band)) - 1;
    }
}
