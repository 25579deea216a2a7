package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.lifecycle.ClassReply;
import dev.reverie.actors.lifecycle.ClassReply.Finding;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The part of a delivery for one class")
class DeliveryPartTest {

    private static final UUID DELIVERY = new UUID(1, 2);

    private final DeliveryPart part =
            new DeliveryPart(DELIVERY, "cat", List.of(3, 5, 8), FingerprintBlock.of(new long[] {1, 2, 3, 4, 5, 6}));

    @Test
    @DisplayName("has the new samples that the class has reserved")
    void reserved() {
        examined(Finding.RESERVED, 0, 2);

        assertThat(part.newPositions()).containsExactly(3, 8);
        assertThat(part.hasNewSamples()).isTrue();
        assertThat(part.isRefused()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"CONFLICT", "SEALED"})
    @DisplayName("has no new samples if the class refuses one")
    void refused(Finding refusal) {
        examined(refusal, 1);

        assertThat(part.newPositions()).isEmpty();
        assertThat(part.hasNewSamples()).isFalse();
        assertThat(part.isRefused()).isTrue();
        assertThat(part.refusedPosition()).isEqualTo(5);
    }

    private void examined(Finding finding, Integer... samples) {
        part.onExamined(new ClassReply.Examined(DELIVERY, 0, finding, List.of(samples)));
    }
}
