package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The test photo has 3x2 blocks of 8x8 pixels, which are called 1 to 6 row by row. */
@DisplayName("The orientation in a photo's EXIF data")
class ExifOrientationTest {

    private static final int BLOCK = 8;
    private static final int STEP = 40;
    private static final int MAKE = 0x010f;
    private static final int ORIENTATION = 0x0112;
    private static final short TEXT = 2;
    private static final short SHORT = 3;

    @ParameterizedTest(name = "{0}: {1}")
    @DisplayName("turns or mirrors the photo as viewers do")
    @CsvSource({
        "1,123 456",
        "2,321 654",
        "3,654 321",
        "4,456 123",
        "5,14 25 36",
        "6,41 52 63",
        "7,63 52 41",
        "8,36 25 14"
    })
    void orientations(int value, String shown) {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            assertThat(blocks(withSegment(exif(order, ORIENTATION, SHORT, 1, value))))
                    .isEqualTo(shown);
        }
    }

    @Test
    @DisplayName("applies to each channel of a colour photo")
    void colour() {
        Image photo = Image.of(new ImageShape(3, 1, 2), new byte[] {1, 2, 3, 4, 5, 6});

        Image shown = new ExifOrientation(8).apply(photo);

        assertThat(shown.shape()).isEqualTo(new ImageShape(3, 2, 1));
        assertThat(shown.levels()).isEqualTo(ByteBuffer.wrap(new byte[] {2, 1, 4, 3, 6, 5}));
    }

    static Stream<byte[]> useless() {
        byte[] good = exif(ByteOrder.BIG_ENDIAN, ORIENTATION, SHORT, 1, 6);
        Stream<byte[]> cut =
                Stream.iterate(0, length -> length + 1).limit(good.length).map(length -> Arrays.copyOf(good, length));
        return Stream.concat(
                cut,
                Stream.of(
                        exif(ByteOrder.BIG_ENDIAN, ORIENTATION, SHORT, 1, 0),
                        exif(ByteOrder.BIG_ENDIAN, ORIENTATION, SHORT, 1, 9),
                        exif(ByteOrder.BIG_ENDIAN, ORIENTATION, SHORT, 1, 0xffff),
                        exif(ByteOrder.BIG_ENDIAN, ORIENTATION, SHORT, 2, 6),
                        exif(ByteOrder.BIG_ENDIAN, ORIENTATION, (short) 4, 1, 6),
                        exif(ByteOrder.BIG_ENDIAN, 0x0113, SHORT, 1, 6),
                        changed(good, 6, 0x4949), // other byte order than the rest
                        changed(good, 6, 0x2020),
                        changed(good, 8, 43),
                        changed(good, 10, 0x7fff), // offset of the directory
                        changed(good, 10, 0xffff),
                        changed(good, 12, 0),
                        changed(good, 12, 0xffff),
                        changed(good, 14, 0), // number of entries
                        changed(good, 14, 1)));
    }

    @ParameterizedTest
    @DisplayName("is ignored if it is damaged, and the photo is decoded as it is stored")
    @MethodSource("useless")
    void damaged(byte[] segment) {
        assertThat(blocks(withSegment(segment))).isEqualTo("123 456");
    }

    @Test
    @DisplayName("is read even if the number of entries in the directory is wrong")
    void manyEntries() {
        byte[] segment = changed(exif(ByteOrder.BIG_ENDIAN, ORIENTATION, SHORT, 1, 3), 14, 0xffff);

        assertThat(blocks(withSegment(segment))).isEqualTo("654 321");
    }

    @Test
    @DisplayName("counts where it occurs first")
    void firstOnly() {
        byte[] photo = withSegment(
                withSegment(photo(), exif(ByteOrder.BIG_ENDIAN, ORIENTATION, SHORT, 1, 6)),
                exif(ByteOrder.BIG_ENDIAN, ORIENTATION, SHORT, 1, 3));

        assertThat(blocks(photo)).isEqualTo("654 321");
    }

    @Test
    @DisplayName("is found after an APP1 segment of another kind")
    void afterXmp() {
        byte[] photo = withSegment(
                withSegment(exif(ByteOrder.BIG_ENDIAN, ORIENTATION, SHORT, 1, 3)),
                "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>".getBytes(StandardCharsets.US_ASCII));

        assertThat(blocks(photo)).isEqualTo("654 321");
    }

    /** The content of an EXIF segment with an entry after that of the camera's make. */
    private static byte[] exif(ByteOrder order, int tag, short type, int count, int value) {
        return ByteBuffer.allocate(40)
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII))
                .order(order)
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 2)
                .putShort((short) MAKE)
                .putShort(TEXT)
                .putInt(4)
                .put("Cam\0".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) tag)
                .putShort(type)
                .putInt(count)
                .putShort((short) value)
                .putShort((short) 0)
                .array();
    }

    private static byte[] changed(byte[] segment, int position, int value) {
        byte[] copy = segment.clone();
        ByteBuffer.wrap(copy).putShort(position, (short) value);
        return copy;
    }

    private static byte[] withSegment(byte[] segment) {
        return withSegment(photo(), segment);
    }

    /** Inserts an APP1 segment after the first marker. */
    private static byte[] withSegment(byte[] jpeg, byte[] segment) {
        return ByteBuffer.allocate(jpeg.length + 4 + segment.length)
                .put(jpeg, 0, 2)
                .putShort((short) 0xffe1)
                .putShort((short) (2 + segment.length))
                .put(segment)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    private static byte[] photo() {
        BufferedImage photo = new BufferedImage(3 * BLOCK, 2 * BLOCK, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < photo.getHeight(); y++) {
            for (int x = 0; x < photo.getWidth(); x++) {
                photo.getRaster().setSample(x, y, 0, STEP * (1 + y / BLOCK * 3 + x / BLOCK));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(photo, "jpg", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The names of the blocks of a decoded photo, with a space between rows. */
    private static String blocks(byte[] jpeg) {
        Image image = ImageDecoder.decode(jpeg, "the photo", 1 << 20);
        int width = image.shape().width();
        StringBuilder names = new StringBuilder();
        for (int y = BLOCK / 2; y < image.shape().height(); y += BLOCK) {
            for (int x = BLOCK / 2; x < width; x += BLOCK) {
                names.append(Math.round(image.level(y * width + x) / (float) STEP));
            }
            names.append(' ');
        }
        return names.toString().strip();
    }
}
