package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.Store;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One class may be remembered in full, two by 512 samples each, three and four by 256. */
@DisplayName("What repetitions are recognised by, when classes come")
class DuplicatesTest {

    private static final int ALL = 1024;
    private static final int SHARE = 256;
    private static final IntakeLimits LIMITS = new IntakeLimits(9, 50, 1 << 20, 1 << 20, ALL, ALL, 1 << 20);

    private final List<Sample> cats = samples("cat", ALL, 1);
    private final List<Sample> oldest = cats.subList(0, ALL - SHARE);
    private final List<Sample> latest = cats.subList(ALL - SHARE, ALL);
    private Path folder;
    private RunningIntake intake;

    @BeforeEach
    void open(@TempDir Path temporary) {
        folder = temporary;
        intake = RunningIntake.on(Store.inFolder(folder), LIMITS);
        intake.admit(cats);
    }

    @AfterEach
    void close() {
        intake.close();
    }

    @Test
    @DisplayName("is given up by a class that nothing more comes of, so that all of them keep within the limit")
    void idleClass() {
        // when
        twoMoreClasses();

        // then
        assertThat(intake.admit(latest)).isEqualTo(new DeliveryOutcome.Accepted(0, SHARE));
        assertThat(intake.admit(oldest)).isEqualTo(new DeliveryOutcome.Accepted(ALL - SHARE, 0));
    }

    @Test
    @DisplayName("is given up by a sealed class, too, also in the store")
    void sealedClass() {
        // given
        intake.<IntakeActor.Sealed>ask(replyTo -> new IntakeActor.Seal("cat", replyTo));

        // when
        twoMoreClasses();
        intake.drain();
        close();
        intake = RunningIntake.on(Store.inFolder(folder), LIMITS);

        // then
        assertThat(intake.admit(latest)).isEqualTo(new DeliveryOutcome.Accepted(0, SHARE));
        assertThat(intake.admit(oldest.subList(0, 1))).isInstanceOf(DeliveryOutcome.Refused.class);
    }

    private void twoMoreClasses() {
        intake.admit(samples("dog", 1, 2));
        intake.admit(samples("bird", 1, 3));
    }
}
