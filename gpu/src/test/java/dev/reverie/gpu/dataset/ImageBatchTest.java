package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A batch of images")
class ImageBatchTest {

    private static final ImageShape PIXEL = new ImageShape(1, 1, 1);

    @ParameterizedTest
    @DisplayName("rounds floats to the nearest byte, after clamping them to [0, 1]")
    @CsvSource({"0, 0", "1, 255", "0.5, 128", "0.0019, 0", "0.002, 1", "-3, 0", "7, 255", "0.3333, 85"})
    void rounds(float value, int level) {
        ImageBatch bytes = ImageBatch.of(PIXEL, new float[] {value}).as(Dtype.UINT8);

        assertThat(bytes.dtype()).isEqualTo(Dtype.UINT8);
        assertThat(Byte.toUnsignedInt(bytes.toLevels()[0])).isEqualTo(level);
        assertThat(bytes.values(0)).containsExactly((float) (level / 255.0));
    }

    @Test
    @DisplayName("keeps all 256 bytes when they become floats and bytes again")
    void bytesAreExact() {
        byte[] levels = new byte[256];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) i;
        }

        ImageBatch floats = ImageBatch.of(PIXEL, levels).as(Dtype.FLOAT32);

        assertThat(floats.dtype()).isEqualTo(Dtype.FLOAT32);
        assertThat(floats.as(Dtype.UINT8).toLevels()).isEqualTo(levels);
    }

    @Test
    @DisplayName("takes one byte per value or four, and has bytes when it is picked or joined from bytes alone")
    void staysBytes() {
        ImageBatch bytes = ImageBatch.of(PIXEL, new byte[] {1, 2, 3});
        ImageBatch floats = ImageBatch.of(PIXEL, new float[] {0.5f});

        assertThat(bytes.bytes()).isEqualTo(3);
        assertThat(floats.bytes()).isEqualTo(4);
        assertThat(bytes.pick(List.of(2, 0)).toLevels()).containsExactly(3, 1);
        assertThat(ImageBatch.join(List.of(bytes, bytes)).toLevels()).containsExactly(1, 2, 3, 1, 2, 3);
        assertThat(ImageBatch.join(List.of(bytes, bytes)).dtype()).isEqualTo(Dtype.UINT8);
        assertThat(ImageBatch.join(List.of(bytes, floats)).dtype()).isEqualTo(Dtype.FLOAT32);
        assertThat(ImageBatch.join(List.of(floats, bytes)).toArray())
                .containsExactly(0.5f, (float) (1 / 255.0), (float) (2 / 255.0), (float) (3 / 255.0));
    }
}
