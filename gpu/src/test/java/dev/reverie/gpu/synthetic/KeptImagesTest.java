package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.select.Features;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
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

    @Test
    @DisplayName("keeps one image of each group before a second one")
    void keepsTheBest() {
        Features groups = Features.of(1, new float[] {0, 0.1f, 0.2f, 5, 5.1f, 5.2f, 9, 9.1f, 9.2f});
        assertThat(KeptImages.bestFirst(groups, 1, 3))
                .extracting(image -> image / 3)
                .containsExactlyInAnyOrder(0, 1, 2);
        assertThat(KeptImages.bestFirst(groups, 3, 2)).startsWith(1);
        assertThat(KeptImages.bestFirst(groups, 1, 9)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(KeptImages.bestFirst(Features.of(1, new float[] {1, 1, 1, 1}), 2, 2))
                .containsExactlyInAnyOrder(0, 1);
    }
}
