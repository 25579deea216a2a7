package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits allow 1 class 1024 fingerprints, 2 classes 512 each, and 3 or 4 classes 256 each. */
@DisplayName("When classes are added, the fingerprint window")
class DuplicatesTest {

    private static final int ALL = 1024;
    private static final int SHARE = 256;
    private static final IntakeLimits LIMITS =
            new IntakeLimits(9, 50, 1 << 20, 1 << 20, ALL, ALL, 1 << 20, Optional.empty());

    private final List<Sample> cats = samples("cat", ALL, 1);
    private final List<Sample> oldest = cats.subList(0, ALL - SHARE);
    private final List<Sample> latest = cats.subList(ALL - SHARE, ALL);
    private Path folder;
    private RunningIntake intake;

    @BeforeEach
    void open(@TempDir Path temporary) {
        folder = temporary;
        intake = RunningIntake.on(Store.inFolder(folder), LIMITS);
        intake.deliver(oldest);
        intake.deliver(latest.subList(0, SHARE / 2));
        intake.deliver(latest.subList(SHARE / 2, SHARE));
    }

    @AfterEach
    void close() {
        intake.close();
    }

    @Test
    @DisplayName("of a class without new samples shrinks, so that all windows together stay within the limit")
    void idleClass() {
        addTwoClasses();

        assertThat(intake.deliver(latest)).isEqualTo(new DeliveryOutcome.Accepted(0, SHARE));
        assertThat(intake.deliver(oldest)).isEqualTo(new DeliveryOutcome.Accepted(ALL - SHARE, 0));
    }

    @Test
    @DisplayName("of a sealed class shrinks as well, also in the store")
    void sealedClass() {
        intake.<IntakeActor.Sealed>ask(replyTo -> new IntakeActor.Seal("cat", SealChange.NOW, replyTo));

        addTwoClasses();
        intake.drain();
        close();
        intake = RunningIntake.on(Store.inFolder(folder), LIMITS);

        assertThat(intake.deliver(latest)).isEqualTo(new DeliveryOutcome.Accepted(0, SHARE));
        assertThat(intake.deliver(oldest.subList(0, 1)))
                .isInstanceOfSatisfying(DeliveryOutcome.Accepted.class, answer -> assertThat(answer.refused())
                        .hasSize(1));
    }

    @Test
    @DisplayName("of a class that just got more samples than its share still has all of them, so they can be repeated")
    void repeatedDelivery() {
        List<Sample> delivery = samples("cat", ALL, 4);
        intake.deliver(delivery);

        addTwoClasses();

        assertThat(intake.deliver(delivery)).isEqualTo(new DeliveryOutcome.Accepted(0, ALL));
    }

    private void addTwoClasses() {
        intake.deliver(samples("dog", 1, 2));
        intake.deliver(samples("bird", 1, 3));
    }
}
