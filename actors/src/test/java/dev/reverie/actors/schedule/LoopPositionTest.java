package dev.reverie.actors.schedule;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A position")
class LoopPositionTest {

    @Test
    @DisplayName("counts from 0, and a visit has one of the outputs")
    void countsFromZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LoopPosition(0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ClassVisit(LoopPosition.START, 0, 10, 10));
    }
}
