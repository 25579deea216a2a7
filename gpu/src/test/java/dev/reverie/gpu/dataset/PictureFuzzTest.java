package dev.reverie.gpu.dataset;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The image decoder decodes or refuses any bytes")
class PictureFuzzTest {

    private static final int MAX_PIXELS = 1 << 16;

    /** So few that all but the smallest pictures are subsampled. */
    private static final int SOME_PIXELS = 64;

    @FuzzTest
    @DisplayName("as a PNG or JPEG, with correct checksums in the chunks of a PNG")
    void picture(byte[] content) throws Exception {
        byte[] repaired =
                ImageFormat.of(content).equals(Optional.of(ImageFormat.PNG)) ? PngChecksums.repaired(content) : content;

        UntrustedInput.readOrRefused(
                () -> ImageDecoder.decode(repaired, "the picture", MAX_PIXELS), DatasetException.class);
        UntrustedInput.readOrRefused(
                () -> ImageDecoder.open(repaired, "the picture", new PixelLimits(SOME_PIXELS, MAX_PIXELS))
                        .decode(),
                DatasetException.class);
    }
}
