package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.synthetic.DeadZone;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A delivery")
class DeliveryRequestsTest {

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<IntakeActor.Command> intake = kit.createTestProbe();
    private final TestProbe<ServiceCommand> coordinator = kit.createTestProbe();
    private final ServiceActorRefs actors =
            new ServiceActorRefs(intake.ref(), coordinator.ref(), _ -> true, kit.scheduler());
    private final MemoryCache memory = new MemoryCache(
            actors::memoryInputs,
            _ -> 1,
            Bits.EIGHT,
            DeadZone.NONE,
            InstantSource.system(),
            InstantSource.system(),
            kit.scheduler(),
            _ -> {});
    private final DeliveryRequests deliveries = new DeliveryRequests(actors, memory, _ -> 1);

    @AfterEach
    void shutDown() {
        kit.shutdownTestKit();
    }

    @Test
    @DisplayName("is refused if any of its images is too small, not only the first")
    void tooSmall() {
        Delivery delivery = new Delivery(IngestSource.FILE, List.of(sample(28), sample(1)));

        DeliveryOutcome outcome =
                deliveries.admit(delivery).toCompletableFuture().join();

        assertThat(outcome)
                .isEqualTo(new DeliveryOutcome.Refused(
                        DeliveryOutcome.Reason.SHAPE_MISMATCH,
                        "images of 1x1x1 pixels are too small: send images of at least 2x2 pixels"));
    }

    private static Sample sample(int side) {
        return new Sample("cat", Optional.empty(), Image.of(new ImageShape(1, side, side), new byte[side * side]));
    }
}
