package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.run.ExpertGuidance.Stages;
import dev.reverie.gpu.method.GuidanceSettings;
import dev.reverie.gpu.method.GuidanceSettingsBuilder;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The guidance of a loop")
class ExpertGuidanceTest {

    private static final int EXPERTS = 2;
    private static final int DRAWS = 2000;

    @Test
    @DisplayName("can be every expert at every epoch, followed by every stage that is near enough")
    void drawsAllStages() {
        GuidanceSettings guidance = GuidanceSettingsBuilder.builder()
                .epochs(4)
                .epochSamples(8)
                .ahead(2)
                .build();
        SplittableRandom random = new SplittableRandom(3);

        Set<Stages> drawn = new HashSet<>();
        IntStream.range(0, DRAWS).forEach(i -> drawn.add(Stages.draw(guidance, EXPERTS, random)));

        Set<Stages> expected = new HashSet<>();
        for (int expert = 0; expert < EXPERTS; expert++) {
            for (int matched = 0; matched <= 4; matched++) {
                for (int later = matched; later <= Math.min(matched + 2, 4); later++) {
                    expected.add(new Stages(expert, matched, later));
                }
            }
        }
        assertThat(drawn).isEqualTo(expected);
    }
}
