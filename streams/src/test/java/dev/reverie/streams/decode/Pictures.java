package dev.reverie.streams.decode;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes valid and invalid pictures. */
public final class Pictures {

    private static final int END_CHUNK = 12;

    private Pictures() {}

    /** Encodes a PNG with all grey levels. */
    public static byte[] greyPng(int width, int height) {
        return encoded(drawn(width, height, BufferedImage.TYPE_BYTE_GRAY), "png");
    }

    public static byte[] colourPng(int width, int height) {
        return encoded(drawn(width, height, BufferedImage.TYPE_INT_RGB), "png");
    }

    public static byte[] jpeg(int width, int height) {
        return encoded(drawn(width, height, BufferedImage.TYPE_INT_RGB), "jpg");
    }

    /** Encodes a progressive JPEG. */
    public static byte[] progressiveJpeg(int width, int height) {
        return jpeg(
                new IIOImage(drawn(width, height, BufferedImage.TYPE_INT_RGB), null, null),
                ImageWriteParam.MODE_DEFAULT);
    }

    /** Encodes a JPEG of four channels, each of which has one level. */
    public static byte[] jpegOfFour(int[] levels) {
        WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, levels.length, new Point());
        for (int i = 0; i < 64; i++) {
            inks.setPixel(i % 8, i / 8, levels);
        }
        return jpeg(new IIOImage(inks, null, null), ImageWriteParam.MODE_DISABLED);
    }

    private static byte[] jpeg(IIOImage picture, int progressive) {
        return encoded(picture, "jpg", parameters -> parameters.setProgressiveMode(progressive));
    }

    /** Encodes an all-black TIFF whose pixels are compressed in this way. */
    public static byte[] tiff(int width, int height, String compression) {
        IIOImage black = new IIOImage(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), null, null);
        return encoded(black, "tif", parameters -> {
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionType(compression);
        });
    }

    private static byte[] encoded(IIOImage picture, String format, Consumer<ImageWriteParam> settings) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            settings.accept(parameters);
            writer.setOutput(stream);
            writer.write(null, picture, parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    public static byte[] png(BufferedImage picture) {
        return encoded(picture, "png");
    }

    /**
     * Encodes a grey PNG of one row.
     *
     * @param row the filter byte and the packed levels
     * @param transparent hexadecimal content of the chunk tRNS, or empty without this chunk
     */
    public static byte[] greyPng(int width, int bits, byte[] row, String transparent) {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(pixels)) {
            deflater.write(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(1).put((byte) bits);
        byte[] png = Arrays.copyOf(greyPng(1, 1), 8);
        png = Pictures.joined(png, chunk("IHDR", header.array()));
        if (!transparent.isEmpty()) {
            png = Pictures.joined(png, chunk("tRNS", HexFormat.of().parseHex(transparent)));
        }
        return Pictures.joined(Pictures.joined(png, chunk("IDAT", pixels.toByteArray())), chunk("IEND", new byte[0]));
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        return ByteBuffer.allocate(END_CHUNK + data.length)
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) crc.getValue())
                .array();
    }

    /** Encodes an all-black PNG, which compresses many pixels into few bytes. */
    public static byte[] blackPng(int width, int height) {
        return encoded(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png");
    }

    /** Encodes a black and white PNG with as much noise as the file of a photo of this size has bytes. */
    public static byte[] largePng(int side) {
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_BINARY);
        byte[] bits = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        byte[] noise = new byte[side * side / 64];
        new Random(0).nextBytes(noise);
        System.arraycopy(noise, 0, bits, 0, noise.length);
        return png(picture);
    }

    /** A WebP whose header claims a size, and which has as many bytes as a photo of this size, after its end. */
    public static byte[] webp(int side) {
        byte[] small = HexFormat.of()
                .parseHex("524946462400000057454250" + "5650384c18000000"
                        + "2f03000100cd5420a2ff01826c9b0114e6fe825788880cbb");
        byte[] claim = Arrays.copyOf(small, side * side / 50);
        ByteBuffer.wrap(claim).putInt(21, Integer.reverseBytes((side - 1) | (side - 1) << 14));
        return claim;
    }

    /** Changes the size in the header of a PNG, with a correct checksum. */
    public static byte[] claiming(int width, int height, byte[] png) {
        byte[] claim = png.clone();
        ByteBuffer.wrap(claim).putInt(16, width).putInt(20, height);
        CRC32 crc = new CRC32();
        crc.update(claim, 12, 17);
        ByteBuffer.wrap(claim).putInt(29, (int) crc.getValue());
        return claim;
    }

    /** Inserts a chunk before the last one. */
    public static byte[] withChunk(byte[] png, String type, byte[] data) {
        byte[] chunk = chunk(type, data);
        int end = png.length - END_CHUNK;
        return ByteBuffer.allocate(png.length + chunk.length)
                .put(png, 0, end)
                .put(chunk)
                .put(png, end, END_CHUNK)
                .array();
    }

    /** Concatenates two byte arrays. */
    public static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** Returns a JSON line with a picture. */
    public static String line(String label, byte[] picture) {
        return "{\"label\": \"%s\", \"image\": \"%s\"}%n"
                .formatted(label, Base64.getEncoder().encodeToString(picture));
    }

    private static BufferedImage drawn(int width, int height, int type) {
        BufferedImage picture = new BufferedImage(width, height, type);
        for (int i = 0; i < width * height; i++) {
            picture.setRGB(i % width, i / width, 0xff000000 | i * 0x030507);
        }
        return picture;
    }

    public static byte[] encoded(BufferedImage picture, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, format, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
