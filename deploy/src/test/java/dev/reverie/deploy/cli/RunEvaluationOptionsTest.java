package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The evaluation of a set while it is distilled")
class RunEvaluationOptionsTest {

    private final RunEvaluationOptions options = new RunEvaluationOptions();

    @Test
    @DisplayName("is refused for images that are too small for its network, before the run begins")
    void tooSmall() {
        options.interval = Optional.of(Duration.ofSeconds(30));

        assertThatThrownBy(() -> options.requireFitting(dataset(1)))
                .isInstanceOf(InputException.class)
                .hasMessage("images of 3x1x1 are too small for the network that --evaluate-every trains: scale"
                        + " folder:PATH with --resize, or omit the option");
        assertThatCode(() -> options.requireFitting(dataset(2))).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("does not restrict a run without it")
    void absent() {
        assertThatCode(() -> options.requireFitting(dataset(1))).doesNotThrowAnyException();
    }

    private static Dataset dataset(int side) {
        ImageShape shape = new ImageShape(3, side, side);
        List<LabelledImage> images = List.of(new LabelledImage(Image.of(shape, new byte[shape.size()]), 0));
        return new Dataset("tiny", shape, List.of("only"), Normalisation.neutral(shape), images, images);
    }
}
