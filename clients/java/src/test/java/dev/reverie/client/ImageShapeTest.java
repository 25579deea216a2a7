package dev.reverie.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The shape of an image")
class ImageShapeTest {

    @Test
    @DisplayName("is refused if an array cannot hold the values")
    void tooLarge() {
        assertThatThrownBy(() -> new ImageShape(3, 40_000, 40_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an image has at most 2147483647 values, got 3x40000x40000");
    }
}
