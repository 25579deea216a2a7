package dev.reverie.deploy.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An evaluation in Markdown")
class EvaluationTextTest {

    @Test
    @DisplayName("keeps a class in its row, whatever its name")
    void names() {
        assertThat(EvaluationText.row(List.of("a\n# b", "x|y"))).isEqualTo("| a\\u000a# b | x\\|y |");
    }
}
