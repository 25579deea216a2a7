package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.evaluate.LearningRateSchedule;
import dev.reverie.gpu.method.DistillationSettings.ExpertTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The training of a new network")
class WarmUpTest {

    @Test
    @DisplayName("is divided into parts of at most a given size, each with a single learning rate")
    void isDividedAtTheDrops() {
        WarmUp warmUp = new WarmUp(60, LearningRateSchedule.THIRDS, Optional.empty());

        assertThat(parts(warmUp)).containsExactly(16, 16, 8, 10, 10);
        assertThat(warmUp.rateShare(39)).isEqualTo(1);
        assertThat(warmUp.rateShare(40)).isEqualTo(0.2);
        assertThat(warmUp.rateShare(50)).isEqualTo(0.2 * 0.2);
    }

    @Test
    @DisplayName("keeps its learning rate if the rate does not drop")
    void isDividedEvenly() {
        WarmUp warmUp = new WarmUp(40, LearningRateSchedule.CONSTANT, Optional.empty());

        assertThat(parts(warmUp)).containsExactly(16, 16, 8);
        assertThat(warmUp.rateShare(39)).isEqualTo(1);
    }

    @Test
    @DisplayName("of an expert is divided where its learning rate falls after an epoch")
    void fallsAfterEpochs() {
        WarmUp warmUp = new WarmUp(40, LearningRateSchedule.CONSTANT, Optional.of(new ExpertTraining(2, 20, 0.85)));

        assertThat(parts(warmUp)).containsExactly(16, 4, 16, 4);
        assertThat(warmUp.rateShare(19)).isEqualTo(1);
        assertThat(warmUp.rateShare(20)).isEqualTo(0.85);
    }

    @Test
    @DisplayName("has no part if there is nothing to train on")
    void canBeEmpty() {
        assertThat(parts(new WarmUp(0, LearningRateSchedule.THIRDS, Optional.empty())))
                .isEmpty();
    }

    private static List<Integer> parts(WarmUp warmUp) {
        List<Integer> parts = new ArrayList<>();
        int before = 0;
        for (int part = warmUp.part(before, 16); part > 0; part = warmUp.part(before, 16)) {
            parts.add(part);
            before += part;
        }
        return parts;
    }
}
