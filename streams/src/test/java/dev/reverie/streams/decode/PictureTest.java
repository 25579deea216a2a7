package dev.reverie.streams.decode;

import static dev.reverie.streams.decode.Refusals.assertRefused;
import static dev.reverie.streams.decode.Refusals.levels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageFormat;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A single picture")
class PictureTest {

    private static final String SCAN = "\u00ff\u00da";

    private final DeliveryDecoder decoder =
            new DeliveryDecoder(IngestLimits.defaults(), Optional.empty(), DeliveryDecoder.Terms.HTTP);

    @Test
    @DisplayName("becomes one sample, with one channel if it is grey and three otherwise")
    void becomesASample() throws SampleRefusedException {
        Sample grey = sample(Pictures.greyPng(5, 4));
        Sample colour = sample(Pictures.colourPng(5, 4));

        assertThat(grey.label()).isEqualTo("cat");
        assertThat(grey.id()).contains("7");
        assertThat(grey.image().shape()).isEqualTo(new ImageShape(1, 4, 5));
        assertThat(colour.image().shape()).isEqualTo(new ImageShape(3, 4, 5));
        assertThat(levels(colour)[1]).isEqualTo(3);
        assertThat(sample(Pictures.jpeg(9, 9)).image().shape()).isEqualTo(new ImageShape(3, 9, 9));
        assertThat(sample(Pictures.progressiveJpeg(9, 9)).image().shape()).isEqualTo(new ImageShape(3, 9, 9));
    }

    @ParameterizedTest(name = "of type {0}")
    @DisplayName("may have a palette, 1 or 16 bits per channel, or an opaque alpha channel")
    @ValueSource(
            ints = {
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_BYTE_BINARY,
                BufferedImage.TYPE_USHORT_GRAY,
                BufferedImage.TYPE_3BYTE_BGR
            })
    void otherStorage(int type) throws SampleRefusedException {
        BufferedImage picture = new BufferedImage(3, 2, type);
        picture.setRGB(1, 0, 0xffffffff);

        Sample sample = sample(Pictures.png(picture));

        assertThat(sample.image().level(0)).isZero();
        assertThat(sample.image().level(1)).isEqualTo(255);
    }

    @ParameterizedTest(name = "{0} bits, transparency {1}")
    @DisplayName("is grey by its colour type, whatever the number of bits, with its levels stretched to 8 bits")
    @CsvSource({
        "1,  '',   40,       0 255",
        "2,  '',   60,       85 170",
        "4,  '',   18,       17 136",
        "8,  '',   5a5b,     90 91",
        "16, '',   5a5a5b5b, 90 91",
        "2,  0003, 60,       85 170",
        "4,  0000, 18,       17 136",
        "8,  0000, 5a5b,     90 91",
        "16, 0000, 5a5a5b5b, 90 91"
    })
    void grey(int bits, String transparent, String packed, String levels) throws SampleRefusedException {
        byte[] row = HexFormat.of().parseHex("00" + packed);

        Sample sample = sample(Pictures.greyPng(2, bits, row, transparent));

        assertThat(sample.image().shape()).isEqualTo(new ImageShape(1, 1, 2));
        assertThat(sample.image().level(0) + " " + sample.image().level(1)).isEqualTo(levels);
    }

    @Test
    @DisplayName("is colour with a palette, even if all its entries are grey")
    void greyPalette() throws SampleRefusedException {
        BufferedImage picture = new BufferedImage(
                2,
                2,
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, 2, new byte[2], new byte[2], new byte[2]));

        assertThat(sample(Pictures.png(picture)).image().shape()).isEqualTo(new ImageShape(3, 2, 2));
    }

    @Test
    @DisplayName("may be 1 pixel, or a column of 65,535 pixels")
    void extremeShapes() throws SampleRefusedException {
        assertThat(sample(Pictures.blackPng(1, 1)).image().shape()).isEqualTo(new ImageShape(1, 1, 1));
        assertThat(sample(Pictures.blackPng(1, 65_535)).image().shape()).isEqualTo(new ImageShape(1, 65_535, 1));
    }

    @Test
    @DisplayName("is decoded without its texts and profiles")
    void withoutAncillaryParts() throws SampleRefusedException {
        byte[] noise = new byte[100_000];
        byte[] png = Pictures.greyPng(3, 3);

        byte[] talkative = Pictures.withChunk(
                Pictures.withChunk(Pictures.withChunk(png, "zTXt", noise), "iCCP", noise), "eXIf", noise);

        assertThat(levels(sample(talkative))).isEqualTo(levels(sample(png)));
    }

    static Stream<Arguments> encodedPictures() {
        return Stream.of(
                Arguments.of(ImageFormat.PNG, Pictures.greyPng(4, 3)),
                Arguments.of(ImageFormat.JPEG, Pictures.jpeg(8, 8)),
                Arguments.of(ImageFormat.JPEG, Pictures.progressiveJpeg(8, 8)));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("is refused if pixels are missing, but may lack the end marker of a JPEG, or have trailing bytes")
    @MethodSource("encodedPictures")
    void truncated(ImageFormat format, byte[] content) throws SampleRefusedException {
        int endMarker = format == ImageFormat.JPEG ? 2 : 0;
        for (int length = 3; length < content.length - endMarker; length++) {
            byte[] cut = Arrays.copyOf(content, length);
            assertRefused(Reason.IMAGE_INVALID, "the body ", () -> sample(cut));
        }
        for (int length = content.length - endMarker; length <= content.length + 3; length++) {
            assertThat(levels(sample(Arrays.copyOf(content, length)))).isEqualTo(levels(sample(content)));
        }
        byte[] film = "\u0000\u0000\u0000\u0018ftypmp42".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(levels(sample(Pictures.joined(content, film)))).isEqualTo(levels(sample(content)));
    }

    @Test
    @DisplayName("is refused as PNG if any bit is flipped")
    void altered() {
        byte[] png = Pictures.greyPng(4, 3);
        for (int i = 0; i < png.length; i++) {
            byte[] altered = png.clone();
            altered[i] ^= 4;
            assertRefused(Reason.IMAGE_INVALID, "the body is", () -> sample(altered));
        }
    }

    @Test
    @DisplayName("is refused by its header if it is too large")
    void decompressionBombs() {
        byte[] png = Pictures.greyPng(2, 2);
        assertRefused(
                Reason.TOO_LARGE,
                "the body has 30000x30000 pixels, more than the 4194304 allowed: scale it down",
                () -> sample(Pictures.claiming(30_000, 30_000, png)));
        assertRefused(
                Reason.TOO_LARGE,
                "has 2147483647x2147483647 pixels",
                () -> sample(Pictures.claiming(Integer.MAX_VALUE, Integer.MAX_VALUE, png)));
        assertRefused(
                Reason.IMAGE_INVALID,
                "is a damaged PNG: its width or height is 0 or too large",
                () -> sample(Pictures.claiming(0, 0, png)));
        assertRefused(
                Reason.IMAGE_INVALID,
                "is a damaged PNG: its width or height is 0 or too large",
                () -> sample(Pictures.claiming(1 << 31, 1, png)));
        assertRefused(Reason.TOO_LARGE, "has 4096x2048 pixels", () -> sample(Pictures.blackPng(4096, 2048)));
        assertRefused(Reason.IMAGE_INVALID, "cannot be decoded", () -> sample(Pictures.claiming(2000, 2000, png)));
    }

    @Test
    @DisplayName("is refused as JPEG with very many scans, because each needs a pass over the whole image")
    void scans() {
        byte[] jpeg = Pictures.progressiveJpeg(8, 8);
        String text = new String(jpeg, StandardCharsets.ISO_8859_1);
        int scan = text.lastIndexOf(SCAN);
        String repeated = text.substring(0, scan)
                + text.substring(scan, text.length() - 2).repeat(30) + "\u00ff\u00d9";

        assertRefused(
                Reason.IMAGE_INVALID,
                "the body has more than 20 scans: save it again with fewer scans",
                () -> sample(repeated.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    @DisplayName("is refused as progressive JPEG if a scan is missing at its end, which would leave it blurred")
    void missingScans() {
        String text = new String(Pictures.progressiveJpeg(8, 8), StandardCharsets.ISO_8859_1);
        for (int scan = text.indexOf(SCAN); scan >= 0; scan = text.indexOf(SCAN, scan + 1)) {
            byte[] cut = (text.substring(0, scan) + "\u00ff\u00d9").getBytes(StandardCharsets.ISO_8859_1);
            assertRefused(
                    Reason.IMAGE_INVALID,
                    "the body is an incomplete JPEG: its scans omit some details; supply the whole file, or save it again",
                    () -> sample(cut));
        }
    }

    @ParameterizedTest(name = "{0} bits, transparency {1}")
    @DisplayName("is black at the transparent level if it is grey, whatever the number of bits")
    @CsvSource({
        "1,  0001, 40,       0 0",
        "2,  0002, 60,       85 0",
        "4,  0008, 18,       17 0",
        "8,  005b, 5a5b,     90 0",
        "16, 5b5b, 5a5a5b5b, 90 0",
    })
    void transparentLevel(int bits, String transparent, String packed, String levels) throws SampleRefusedException {
        Sample sample = sample(Pictures.greyPng(2, bits, HexFormat.of().parseHex("00" + packed), transparent));

        assertThat(sample.image().level(0) + " " + sample.image().level(1)).isEqualTo(levels);
    }

    @Test
    @DisplayName("is turned upright by the EXIF data of a PNG, too")
    void upright() throws SampleRefusedException {
        byte[] turned = HexFormat.of().parseHex("4d4d002a000000080001" + "011200030000000100060000" + "00000000");

        byte[] png = Pictures.withChunk(Pictures.greyPng(4, 3), "eXIf", turned);

        assertThat(sample(png).image().shape()).isEqualTo(new ImageShape(1, 4, 3));
    }

    @Test
    @DisplayName("is seen on black where it is transparent")
    void transparent() throws SampleRefusedException {
        BufferedImage glass = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        glass.setRGB(0, 0, 0x80ff6400);
        glass.setRGB(1, 0, 0xffff6400);

        assertThat(levels(sample(Pictures.png(glass)))).containsExactly(128, 255, 50, 100, 0, 0);
    }

    @ParameterizedTest(name = "Adobe header {0}")
    @DisplayName("becomes RGB if it has print colours: inks, or by Adobe the light that they leave, perhaps as YCbCr")
    @CsvSource({"'', 27, 22, 17", "0, 100, 120, 140", "2, 45, 134, 65"})
    void printColours(String transform, int red, int green, int blue) throws SampleRefusedException {
        byte[] plain = Pictures.jpegOfFour(new int[] {128, 153, 178, 200});
        byte[] header = transform.isEmpty()
                ? new byte[0]
                : HexFormat.of().parseHex("ffee000e41646f62650064000000000" + transform);
        byte[] jpeg = Pictures.joined(
                Pictures.joined(Arrays.copyOf(plain, 2), header), Arrays.copyOfRange(plain, 2, plain.length));

        Image image = sample(jpeg).image();
        assertThat(image.level(0)).isCloseTo(red, within(2));
        assertThat(image.level(64)).isCloseTo(green, within(2));
        assertThat(image.level(128)).isCloseTo(blue, within(2));
    }

    @Test
    @DisplayName("is the first picture of an animation, and refused if it has unknown critical chunks")
    void otherKinds() throws SampleRefusedException {
        byte[] png = Pictures.greyPng(2, 2);

        assertThat(levels(sample(Pictures.withChunk(png, "acTL", new byte[8])))).isEqualTo(levels(sample(png)));
        assertRefused(
                Reason.IMAGE_INVALID,
                "is a PNG with a critical chunk that is not supported",
                () -> sample(Pictures.withChunk(png, "EVIL", new byte[8])));
    }

    @Test
    @DisplayName("is refused if its bytes are no picture, if there are none, or too many")
    void noPictures() {
        for (String other : new String[] {"<svg/>", "<html>", "\u0000"}) {
            assertRefused(
                    Reason.IMAGE_INVALID,
                    "the body is no picture in a known format: convert it to PNG or JPEG",
                    () -> sample(other.getBytes(StandardCharsets.US_ASCII)));
        }
        assertRefused(Reason.BODY_EMPTY, "the body is empty", () -> sample(new byte[0]));
        assertRefused(Reason.TOO_LARGE, "the body is larger than 8388608 bytes", () -> sample(new byte[(8 << 20) + 1]));
    }

    private Sample sample(byte[] content) throws SampleRefusedException {
        return decoder.image(content, "cat", Optional.of("7")).getFirst();
    }
}
