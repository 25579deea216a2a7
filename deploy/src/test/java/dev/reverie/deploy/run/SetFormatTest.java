package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageShape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The format of a set")
class SetFormatTest {

    private static final ImageShape PHOTO = new ImageShape(3, 224, 224);

    @Test
    @DisplayName("refuses, before anything is learned, a set that a file could not hold")
    void refusesTooLarge() {
        assertThatThrownBy(() -> SetFormat.BYTES.requireRoom(1000, 2, PHOTO))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "1000 stored images of 3x224x224 decode to 602 MB, but a file holds at most 537 MB")
                .hasMessageContaining("choose a smaller --ipc, --factor or --resize, or fewer --classes");
        assertThatThrownBy(() -> new SetFormat(Dtype.FLOAT32, Coding.LOSSLESS).requireRoom(300, 2, PHOTO))
                .isInstanceOf(InputException.class);
    }

    @Test
    @DisplayName("accepts a set that a file can hold")
    void accepts() {
        assertThatCode(() -> SetFormat.BYTES.requireRoom(800, 2, PHOTO)).doesNotThrowAnyException();
    }
}
