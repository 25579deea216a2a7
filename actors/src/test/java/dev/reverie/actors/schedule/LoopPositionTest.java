package dev.reverie.actors.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.reverie.gpu.engine.NetworkState.NetworkId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A position")
class LoopPositionTest {

    @Test
    @DisplayName("moves to the next inner loop, and after the last one to the next outer iteration")
    void moves() {
        assertThat(new LoopPosition(1, 0).next(2)).isEqualTo(new LoopPosition(1, 1));
        assertThat(new LoopPosition(1, 1).next(2)).isEqualTo(new LoopPosition(2, 0));
    }

    @Test
    @DisplayName("counts from 0")
    void countsFromZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LoopPosition(0, -1));
    }

    @Test
    @DisplayName("of a visit determines the network; its output determines how many classes follow")
    void visits() {
        ClassVisit visit = new ClassVisit(new LoopPosition(3, 5), 2, 2, 10);

        assertThat(visit.network()).isEqualTo(new NetworkId(3, 10));
        assertThat(visit.outputsAfter()).isEqualTo(7);
        assertThatIllegalArgumentException().isThrownBy(() -> new ClassVisit(LoopPosition.START, 0, 10, 10));
    }
}
