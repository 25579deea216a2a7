package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A class that gives up images")
class KeptImagesTest {

    private static final ImageShape SHAPE = new ImageShape(1, 2, 2);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @DisplayName("keeps those that represent all, in their order")
    void keepsTheMostRepresentative(int factor) {
        float[] values = {
            1, 1, 1, 1, // two pairs of equal images
            1, 1, 1, 1,
            0, 0, 0, 0,
            0, 0, 0, 0
        };

        assertThat(KeptImages.of(ImageBatch.of(SHAPE, values), factor, 2)).containsExactly(0, 2);
        assertThat(KeptImages.of(ImageBatch.of(SHAPE, values), factor, 4)).containsExactly(0, 1, 2, 3);
    }
}
