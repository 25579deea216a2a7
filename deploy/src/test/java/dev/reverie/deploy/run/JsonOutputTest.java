package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.select.SelectionRule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The JSON of files and outputs")
class JsonOutputTest {

    record Sample(Optional<SelectionRule> chosenBy, Optional<String> absent, ImageShape shape) {}

    @Test
    @DisplayName("has the values of options as on the command line")
    void options() {
        assertThat(JsonOutput.line(List.<Object>of(
                        Initialiser.K_MEANS,
                        SelectionRule.K_MEANS_CORE,
                        Method.DREAM_PLUS,
                        MatchingArchitecture.RESNET_10,
                        GradientDistance.L1_MEAN)))
                .isEqualTo("[\"kmeans\",\"kmeans-core\",\"dream-plus\",\"resnet-10\",\"l1-mean\"]");
    }

    @Test
    @DisplayName("has other constants in lower case with hyphens")
    void constants() {
        assertThat(JsonOutput.line(Ending.TIME_LIMIT)).isEqualTo("\"time-limit\"");
    }

    @Test
    @DisplayName("has keys in snake case, shapes as lists, and no absent values")
    void records() {
        assertThat(JsonOutput.line(
                        new Sample(Optional.of(SelectionRule.K_MEANS), Optional.empty(), new ImageShape(1, 28, 32))))
                .isEqualTo("{\"chosen_by\":\"kmeans\",\"shape\":[1,28,32]}");
    }
}
