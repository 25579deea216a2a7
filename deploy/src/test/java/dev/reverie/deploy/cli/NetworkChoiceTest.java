package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.evaluate.EvaluationNetwork;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A list of networks")
class NetworkChoiceTest {

    @Test
    @DisplayName("can contain 'all' beside names, and names each network once")
    void all() {
        assertThat(NetworkChoice.named(" All ")).hasSizeGreaterThan(1).doesNotHaveDuplicates();
        assertThat(NetworkChoice.named("mlp, all"))
                .containsExactlyInAnyOrderElementsOf(NetworkChoice.named("all"))
                .first()
                .extracting(NetworkChoice::network)
                .isEqualTo(EvaluationNetwork.MLP);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 64, convnet-4",
        "3, 32, convnet-3",
        "3, 8, convnet-3",
        "3, 7, convnet-2",
        "3, 2, convnet-1",
        "1, 4, convnet-3",
        "1, 3, convnet-2"
    })
    @DisplayName(
            "has a ConvNet of three blocks, more for large images, and fewer if the images are too small for three")
    void depth(int channels, int side, String label) {
        ImageShape shape = new ImageShape(channels, side, side);

        NetworkChoice suitable = NetworkChoice.named("convnet").getFirst().suiting(shape);

        assertThat(suitable.label()).isEqualTo(label);
        assertThatCode(() -> suitable.requireFitting(shape, 2, 4)).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("keeps the depth that a name has, and names the others as they are written")
    void namedDepth() {
        assertThat(NetworkChoice.named("convnet-5, convnet2-bn, resnet-10").stream()
                        .map(each -> each.suiting(new ImageShape(3, 64, 64)))
                        .map(NetworkChoice::label))
                .containsExactly("convnet-5", "convnet-2-bn", "resnet-10");
    }
}
