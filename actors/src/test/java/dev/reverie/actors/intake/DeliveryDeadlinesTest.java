package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.IngestSource;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Deliveries whose classes have not replied")
class DeliveryDeadlinesTest {

    private static final int TICKS = 10;

    private final DeliveryDeadlines deadlines = new DeliveryDeadlines();

    @Test
    @DisplayName("are late after ten ticks, in the order of their arrival")
    void late() {
        // given
        PendingDelivery first = added();
        assertThat(deadlines.tick()).isEmpty();
        PendingDelivery second = added();
        PendingDelivery third = added();

        // when
        for (int tick = 2; tick < TICKS; tick++) {
            assertThat(deadlines.tick()).isEmpty();
        }

        // then
        assertThat(deadlines.tick()).containsExactly(first);
        assertThat(deadlines.tick()).containsExactly(second, third);
        assertThat(deadlines.tick()).isEmpty();
    }

    @Test
    @DisplayName("are never late if they have a reply by then")
    void answered() {
        // given
        PendingDelivery answered = added();
        PendingDelivery open = added();
        answered.reply(DeliveryOutcome.Deferred.CHANGING);

        // when
        for (int tick = 1; tick < TICKS; tick++) {
            assertThat(deadlines.tick()).isEmpty();
        }

        // then
        assertThat(deadlines.tick()).containsExactly(open);
    }

    @Test
    @DisplayName("do not stay in memory after their reply until the next tick, if others arrive")
    void freesAnswered() {
        added().reply(DeliveryOutcome.Deferred.CHANGING);

        added();

        assertThat(deadlines.size()).isEqualTo(1);
    }

    private PendingDelivery added() {
        PendingDelivery delivery = new PendingDelivery(
                new Delivery(IngestSource.HTTP, RunningIntake.samples("cat", 1, 1)),
                TestInbox.<DeliveryOutcome>create().getRef());
        deadlines.add(delivery);
        return delivery;
    }
}
