package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.evaluate.EvaluationNetwork;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

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
}
