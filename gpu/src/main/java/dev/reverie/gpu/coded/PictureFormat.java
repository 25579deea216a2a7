package dev.reverie.gpu.coded;

import com.luciad.imageio.webp.CompressionType;
import com.luciad.imageio.webp.WebPImageReaderSpi;
import com.luciad.imageio.webp.WebPImageWriterSpi;
import com.luciad.imageio.webp.WebPWriteParam;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageDecoder;
import dev.reverie.gpu.dataset.ImageShape;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.slf4j.LoggerFactory;

/** A format of pictures that every program reads. WebP needs a native library, which some machines lack. */
public enum PictureFormat {
    WEBP("webp", 16),
    JPEG("jpg", 16),
    PNG("png", 1);

    /** Maximum width and height of a picture in every format, in pixels. */
    static final int MAX_SIDE = 16_383;

    private static final int COLOURS = 3;

    private static final float QUALITIES = 100;

    /** The method of WebP that makes the smallest pictures, and takes the longest. */
    private static final int SMALLEST = 6;

    private final String extension;
    private final int block;

    PictureFormat(String extension, int block) {
        this.extension = extension;
        this.block = block;
    }

    /** Extension of a file, without a dot. */
    public String extension() {
        return extension;
    }

    /** Side of the square blocks in which the pixels are coded. */
    int block() {
        return block;
    }

    boolean isLossy() {
        return this != PNG;
    }

    /** Whether a picture of a grey image has one channel. */
    boolean hasGrey() {
        return this != WEBP;
    }

    /** Returns this format, or JPEG if this is WebP and the machine has no native library for it. */
    PictureFormat orAvailable() {
        return this == WEBP && !NativeWebp.AVAILABLE ? JPEG : this;
    }

    /** Whether the native library of WebP works here. It is loaded on first use. */
    private static final class NativeWebp {

        static final boolean AVAILABLE = works();

        private static boolean works() {
            try {
                return WEBP.encode(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), 1).length > 0;
            } catch (RuntimeException | LinkageError missing) { // depends on what is missing
                LoggerFactory.getLogger(PictureFormat.class)
                        .warn(
                                "No native library of WebP works here, so pictures are coded as JPEG: {}",
                                missing.toString());
                return false;
            }
        }
    }

    /**
     * Encodes a picture.
     *
     * @param quality 1 to 100, without meaning for PNG
     */
    byte[] encode(BufferedImage picture, int quality) {
        ImageWriter writer = writer();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), parameters(writer, quality));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private ImageWriter writer() {
        return this == WEBP
                ? new WebPImageWriterSpi().createWriterInstance(null)
                : ImageIO.getImageWritersByFormatName(name()).next();
    }

    private ImageWriteParam parameters(ImageWriter writer, int quality) {
        ImageWriteParam parameters = this == WEBP ? new WebPWriteParam(Locale.ROOT) : writer.getDefaultWriteParam();
        if (parameters instanceof WebPWriteParam webp) {
            webp.setCompressionType(CompressionType.Lossy);
            favourPixels(webp);
        } else if (isLossy()) {
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        }
        if (isLossy()) {
            parameters.setCompressionQuality(quality / QUALITIES);
        }
        return parameters;
    }

    /**
     * Spends the bytes on small errors of the pixels. The library's defaults spare the eyes, and the encoder's time:
     * they hide errors in busy parts, and smooth the borders of blocks.
     */
    private static void favourPixels(WebPWriteParam webp) {
        webp.setMethod(SMALLEST);
        webp.setSnsStrength(0);
        webp.setFilterStrength(0);
    }

    /**
     * Decodes a picture that this process has encoded: the native library must not read what others have. The pixels of
     * a WebP differ from those that {@link ImageDecoder} reads, by two levels on average in photographs, because the
     * decoders enlarge its colour planes differently.
     */
    Image decodeOwn(byte[] picture) {
        ImageReader reader = this == WEBP
                ? new WebPImageReaderSpi().createReaderInstance(null)
                : ImageIO.getImageReadersByFormatName(name()).next();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(picture))) {
            reader.setInput(in, true, true);
            return planes(reader.read(0).getRaster());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            reader.dispose();
        }
    }

    private static Image planes(Raster raster) {
        ImageShape shape =
                new ImageShape(Math.min(raster.getNumBands(), COLOURS), raster.getHeight(), raster.getWidth());
        byte[] levels = new byte[shape.size()];
        int[] plane = new int[shape.planeSize()];
        for (int channel = 0; channel < shape.channels(); channel++) {
            raster.getSamples(0, 0, shape.width(), shape.height(), channel, plane);
            for (int i = 0; i < plane.length; i++) {
                levels[channel * plane.length + i] = (byte) plane[i];
            }
        }
        return Image.of(shape, levels);
    }
}
