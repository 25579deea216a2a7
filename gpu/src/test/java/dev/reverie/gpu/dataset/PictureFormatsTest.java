package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The test image is grey and has 4x5 pixels with the levels 0, 12, 24 to 228. */
@DisplayName("A picture in any format")
class PictureFormatsTest {

    /** Nothing that ships encodes a lossless WebP. */
    private static final String WEBP =
            "524946462400000057454250" + "5650384c18000000" + "2f03000100cd5420a2ff01826c9b0114e6fe825788880cbb";

    private static final int[] LEVELS = IntStream.range(0, 20).map(i -> 12 * i).toArray();

    @ParameterizedTest
    @DisplayName("is decoded, with the levels that it stores")
    @EnumSource(
            value = ImageFormat.class,
            names = {"JPEG"},
            mode = EnumSource.Mode.EXCLUDE)
    void levels(ImageFormat format) {
        byte[] encoded = encoded(format);

        assertThat(ImageFormat.of(encoded)).contains(format);
        Image image = decoded(encoded).withChannels(1);
        assertThat(image.shape()).isEqualTo(new ImageShape(1, 5, 4));
        assertThat(IntStream.range(0, 20).map(image::level))
                .containsExactly(Arrays.stream(LEVELS).boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @DisplayName("is refused wherever it is cut off, unless only the end marker is missing")
    @CsvSource({"GIF, 1", "BMP, 0", "TIFF, 0", "WEBP, 0"})
    void truncated(ImageFormat format, int endMarker) {
        byte[] encoded = encoded(format);

        for (int length = 0; length < encoded.length - endMarker; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> decoded(cut)).isInstanceOf(DatasetException.class);
        }
        assertThat(decoded(Arrays.copyOf(encoded, encoded.length - endMarker)).levels())
                .isEqualTo(decoded(encoded).levels());
    }

    @ParameterizedTest
    @DisplayName("is refused by its header if it is too large, before it is decoded")
    @EnumSource(
            value = ImageFormat.class,
            names = {"GIF", "BMP", "TIFF", "WEBP"})
    void tooLarge(ImageFormat format) {
        assertThatThrownBy(() -> decoded(claiming(format, 16_000, 16_001)))
                .isInstanceOf(DataTooLargeException.class)
                .hasMessage("the photo has 16000x16001 pixels, more than the 4194304 allowed: scale it down");
    }

    @ParameterizedTest
    @DisplayName("is refused if its header declares more pixels than it has")
    @EnumSource(
            value = ImageFormat.class,
            names = {"GIF", "BMP", "TIFF"})
    void missingPixels(ImageFormat format) {
        assertThatThrownBy(() -> decoded(claiming(format, 1000, 1000)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("cannot be decoded");
    }

    @Test
    @DisplayName("is turned upright by the orientation of a TIFF")
    void orientation() {
        String tiff = HexFormat.of().formatHex(encoded(ImageFormat.TIFF));
        String turned = tiff.replace("0116000300000001" + "00050000", "0112000300000001" + "00060000");

        assertThat(decoded(HexFormat.of().parseHex(turned)).shape()).isEqualTo(new ImageShape(1, 4, 5));
    }

    @ParameterizedTest
    @DisplayName("is refused if another file is inside, whose size nobody checks")
    @CsvSource({
        "TIFF, 01030003000000010001, 01030003000000010007, is a TIFF with a JPEG inside",
        "BMP, 0100080000000000, 0100080004000000, is a BMP with a JPEG or PNG inside"
    })
    void fileInside(ImageFormat format, String compression, String other, String message) {
        String encoded = HexFormat.of().formatHex(encoded(format));

        assertThatThrownBy(() -> decoded(HexFormat.of().parseHex(encoded.replaceFirst(compression, other))))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith("the photo " + message);
    }

    @Test
    @Timeout(60)
    @DisplayName("is refused if its directory refers to the same bytes again and again")
    void manyReferences() {
        int entries = 65_535;
        ByteBuffer tiff = ByteBuffer.allocate(10 + 12 * entries + 4).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put("II*\0".getBytes(StandardCharsets.US_ASCII)).putInt(8).putShort((short) entries);
        for (int i = 0; i < entries; i++) {
            tiff.putShort((short) 273)
                    .putShort((short) 4)
                    .putInt(tiff.capacity() / 4 - 4)
                    .putInt(8); // StripOffsets
        }

        assertThatThrownBy(() -> decoded(tiff.array()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("cannot be decoded");
    }

    @Test
    @DisplayName("is refused if a single row of it takes too much memory, even if it is to be resized")
    void wideRow() {
        ByteBuffer png = ByteBuffer.allocate(8 + 25 + 12 + 12);
        png.putLong(0x89504e470d0a1a0aL).putInt(13).put("IHDR".getBytes(StandardCharsets.US_ASCII));
        png.putInt((1 << 26) - 1).putInt(1).put(new byte[] {8, 6, 0, 0, 0}).putInt(0);
        png.putInt(0).put("IDAT".getBytes(StandardCharsets.US_ASCII)).putInt(0);
        png.putInt(0).put("IEND".getBytes(StandardCharsets.US_ASCII)).putInt(0);

        assertThatThrownBy(
                        () -> ImageDecoder.open(PngChecksums.repaired(png.array()), "the photo", PixelLimits.RESIZED))
                .isInstanceOf(DataTooLargeException.class)
                .hasMessageContaining("67108863x1 pixels that can only be decoded all at once");
    }

    @ParameterizedTest
    @DisplayName("is refused with advice if it is a HEIC or AVIF")
    @CsvSource({"heic", "heix", "mif1", "avif"})
    void phones(String brand) {
        byte[] box = ("\0\0\0\030ftyp" + brand + "\0\0\0\0").getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> decoded(box))
                .hasMessageStartingWith("the photo is a HEIC or AVIF picture: convert it to JPEG");
    }

    @Test
    @DisplayName("is the first of several in an animation")
    void animation() {
        String frame = "414e4d46%s000000" + "000000000000" + "030000040000" + "000000" + "00";
        String chunk = WEBP.substring(24);
        String animated = "52494646b400000057454250" + "565038580a000000" + "02000000030000040000" + "414e494d06000000"
                + "000000000000" + frame.formatted("30") + chunk + frame.formatted("30") + chunk;
        byte[] bytes = HexFormat.of().parseHex(animated);
        ByteBuffer.wrap(bytes).putInt(4, Integer.reverseBytes(bytes.length - 8));

        assertThat(decoded(bytes).level(19)).isEqualTo(228);
    }

    @ParameterizedTest
    @DisplayName(
            "has every second or third row and column if it is larger than what is decoded, the last ones among them")
    @CsvSource({"20, 4, 5, 0", "6, 2, 3, 12", "5, 2, 2, 48", "1, 1, 1, 228"})
    void steps(int pixels, int width, int height, int first) {
        for (ImageFormat format : ImageFormat.values()) {
            if (format != ImageFormat.JPEG) {
                Image image = ImageDecoder.open(encoded(format), "the photo", new PixelLimits(pixels, 20))
                        .decode();

                assertThat(image.shape()).isEqualTo(new ImageShape(image.shape().channels(), height, width));
                assertThat(image.level(0)).as(format.name()).isEqualTo(first);
                assertThat(image.level(width * height - 1)).isEqualTo(228);
            }
        }
    }

    private static Image decoded(byte[] encoded) {
        return ImageDecoder.decode(encoded, "the photo", 1 << 22);
    }

    private static byte[] encoded(ImageFormat format) {
        if (format == ImageFormat.WEBP) {
            return HexFormat.of().parseHex(WEBP);
        }
        BufferedImage picture = new BufferedImage(4, 5, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setPixels(0, 0, 4, 5, LEVELS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, format.name(), out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /** Changes the size in the header. */
    private static byte[] claiming(ImageFormat format, int width, int height) {
        byte[] claim = encoded(format);
        ByteBuffer bytes = ByteBuffer.wrap(claim);
        switch (format) {
            case GIF ->
                bytes.putShort(786, Short.reverseBytes((short) width))
                        .putShort(788, Short.reverseBytes((short) height));
            case BMP -> bytes.putInt(18, Integer.reverseBytes(width)).putInt(22, Integer.reverseBytes(height));
            case TIFF -> bytes.putShort(18, (short) width).putShort(30, (short) height);
            case WEBP -> bytes.putInt(21, Integer.reverseBytes((width - 1) | (height - 1) << 14));
            case PNG, JPEG -> throw new IllegalArgumentException(format.name());
        }
        return claim;
    }
}
