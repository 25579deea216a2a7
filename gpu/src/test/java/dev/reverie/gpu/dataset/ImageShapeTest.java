package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The shape of an image")
class ImageShapeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 4, 4",
        "1, 0, 4",
        "1, 4, -1",
        "1, 65536, 65536",
        "1, 32768, 65536",
        "2147483647, 2147483647, 2147483647"
    })
    @DisplayName("has sides of at least one pixel, and a product that fits into an int")
    void limits(int channels, int height, int width) {
        assertThatThrownBy(() -> new ImageShape(channels, height, width))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("got " + channels + "x" + height + "x" + width);
    }

    @Test
    @DisplayName("may have as many values as an int can count")
    void largest() {
        assertThat(new ImageShape(1, 1, Integer.MAX_VALUE).size()).isEqualTo(Integer.MAX_VALUE);
    }
}
