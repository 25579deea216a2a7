package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The test image has 8x8 equal pixels, whose three components are 128, 128 and 228. */
@DisplayName("A JPEG in colour")
class JpegSegmentsTest {

    private static final String START = "ffd8";
    private static final String JFIF = "ffe000104a46494600010100000100010000";
    private static final String EXIF = "ffe10008457869660000";
    private static final String ADOBE_RGB = "ffee000e41646f626500640000000000";
    private static final String QUANTISATION = "ffdb004300" + "01".repeat(64);
    private static final String FIRST_COEFFICIENTS = "ffc4001500" + "0101" + "00".repeat(14) + "000a";
    private static final String OTHER_COEFFICIENTS = "ffc4001410" + "01" + "00".repeat(15) + "00";
    private static final String END = "ffd9";
    private static final Pattern COMPONENT = Pattern.compile("..");

    private static final List<Integer> FROM_YCBCR = List.of(255, 57, 128);
    private static final List<Integer> FROM_RGB = List.of(128, 128, 228);

    @ParameterizedTest
    @DisplayName("is YCbCr without a JFIF header, whatever the numbers of its components")
    @CsvSource({JFIF + ", 010203", EXIF + ", 010203", EXIF + ", 000102", "'', 000102", JFIF + ", 524742"})
    void lumaAndChroma(String header, String components) {
        assertThat(colour(jpeg(header, components))).isEqualTo(FROM_YCBCR);
    }

    @ParameterizedTest
    @DisplayName("is RGB if an Adobe header or the letters of its components say so")
    @CsvSource({ADOBE_RGB + ", 010203", ADOBE_RGB + ", 000102", "'', 524742", EXIF + ", 524742"})
    void redGreenAndBlue(String header, String components) {
        assertThat(colour(jpeg(header, components))).isEqualTo(FROM_RGB);
    }

    @Test
    @DisplayName("may have one scan for each component")
    void separateScans() {
        assertThat(colour(jpegOfScans(3))).isEqualTo(FROM_YCBCR);
    }

    @ParameterizedTest
    @DisplayName("is refused if a component has no scan")
    @ValueSource(ints = {0, 1, 2})
    void missingScans(int scans) {
        byte[] jpeg = jpegOfScans(scans);

        assertThatThrownBy(() -> colour(jpeg))
                .isInstanceOf(DatasetException.class)
                .hasMessage("the photo is an incomplete JPEG: its scans omit some details; supply the whole file,"
                        + " or save it again");
    }

    private static byte[] jpeg(String header, String components) {
        String scan = "ffda000c03" + eachFollowedBy("00", components) + "003f00" + "0b207f";
        return bytes(header, components, scan);
    }

    private static byte[] jpegOfScans(int number) {
        List<String> scans = List.of(
                "ffda00080101" + "00003f00" + "3f",
                "ffda00080102" + "00003f00" + "3f",
                "ffda00080103" + "00003f00" + "b207");
        return bytes(JFIF, "010203", String.join("", scans.subList(0, number)));
    }

    private static byte[] bytes(String header, String components, String scans) {
        String frame = "ffc00011080008000803" + eachFollowedBy("1100", components);
        return HexFormat.of()
                .parseHex(
                        START + header + QUANTISATION + frame + FIRST_COEFFICIENTS + OTHER_COEFFICIENTS + scans + END);
    }

    private static String eachFollowedBy(String parameters, String components) {
        return COMPONENT.matcher(components).replaceAll(component -> component.group() + parameters);
    }

    /** The levels of the first pixel. */
    private static List<Integer> colour(byte[] jpeg) {
        Image image = ImageDecoder.decode(jpeg, "the photo", 64);
        int plane = image.shape().planeSize();
        return IntStream.range(0, 3)
                .mapToObj(channel -> image.level(channel * plane))
                .toList();
    }
}
