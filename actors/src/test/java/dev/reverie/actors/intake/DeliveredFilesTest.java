package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.deduplication.DeliveredFile;
import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.store.FullStore;
import dev.reverie.actors.telemetry.IngestSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A file of an ingest source, in a service that remembers no samples,")
class DeliveredFilesTest extends AbstractIntakeTest {

    private static final long CAT = 17;
    private static final long DOG = -4;

    @Override
    IntakeLimits limits() {
        return new IntakeLimits(4, 50, 1 << 20, 1 << 20, 0, 0, 1 << 20, Optional.empty());
    }

    /** The ingest source asks for its files before it delivers others. */
    @BeforeEach
    void read() {
        files();
    }

    @Test
    @DisplayName("counts once, also after a restart")
    void countsOnce() {
        List<Sample> cats = samples("cat", 5, 1);
        assertThat(deliver(file(CAT, cats))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));

        assertThat(deliver(file(CAT, cats))).isEqualTo(new DeliveryOutcome.Accepted(0, 5));
        restart();
        assertThat(files().toArray()).containsExactly(CAT);
        assertThat(deliver(file(CAT, cats))).isEqualTo(new DeliveryOutcome.Accepted(0, 5));
    }

    @Test
    @DisplayName("counts once if it arrives again while it is being stored")
    void countsOnceAtTheSameTime() {
        Delivery cats = delivery(file(CAT, samples("cat", 5, 1)));

        List<CompletionStage<DeliveryOutcome>> outcomes =
                List.of(intake.deliverAsync(cats), intake.deliverAsync(cats), intake.deliverAsync(cats));

        assertThat(outcomes.stream().map(RunningIntake::join))
                .containsExactly(
                        new DeliveryOutcome.Accepted(5, 0),
                        DeliveryOutcome.Deferred.REPEATED,
                        DeliveryOutcome.Deferred.REPEATED);
        assertThat(intake.info("cat").seen()).isEqualTo(5);
    }

    @Test
    @DisplayName("does not hide the new files of the same delivery")
    void repeatedBesideNew() {
        List<Sample> cats = samples("cat", 5, 1);
        deliver(file(CAT, cats));

        DeliveryOutcome outcome = deliver(file(DOG, samples("dog", 2, 1)), file(CAT, cats));

        assertThat(outcome).isEqualTo(new DeliveryOutcome.Accepted(2, 5));
        assertThat(files().toArray()).containsExactlyInAnyOrder(CAT, DOG);
    }

    @Test
    @DisplayName("does not bring back a class that was forgotten")
    void forgottenClass() {
        List<Sample> cats = samples("cat", 5, 1);
        deliver(file(CAT, cats));
        intake.<IntakeActor.Forgotten>ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

        assertThat(deliver(file(CAT, cats))).isEqualTo(new DeliveryOutcome.Accepted(0, 5));
        assertThat(intake.overview().classes()).isEmpty();
    }

    @Test
    @DisplayName("counts again when its source has removed it, also after a restart")
    void removed() {
        List<Sample> cats = samples("cat", 5, 1);
        deliver(file(CAT, cats), file(DOG, samples("dog", 1, 1)));

        intake.removeFiles(FileKeys.of(new long[] {CAT}));
        deliver(file(3, samples("dog", 1, 2)));
        restart();

        assertThat(files().toArray()).containsExactlyInAnyOrder(DOG, 3);
        assertThat(deliver(file(CAT, cats))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
    }

    @Test
    @DisplayName("is not recorded if its samples could not be stored, so that it counts when it is delivered again")
    void recordedAfterItsSamples() throws Exception {
        List<Sample> cats = samples("cat", 5, 1);
        deliver(file(DOG, samples("cat", 1, 2)));

        try (FullStore _ = FullStore.forWritesOf("class|0", intake.store())) {
            assertThat(deliver(file(CAT, cats))).isInstanceOf(DeliveryOutcome.Deferred.class);
        }
        restart();

        assertThat(files().toArray()).containsExactly(DOG);
        assertThat(deliver(file(CAT, cats))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
    }

    private record SentFile(long key, List<Sample> samples) {}

    private static SentFile file(long key, List<Sample> samples) {
        return new SentFile(key, samples);
    }

    private DeliveryOutcome deliver(SentFile... files) {
        return join(intake.deliverAsync(delivery(files)));
    }

    private static Delivery delivery(SentFile... files) {
        List<Sample> samples = new ArrayList<>();
        List<DeliveredFile> delivered = new ArrayList<>();
        for (SentFile file : files) {
            samples.addAll(file.samples());
            delivered.add(new DeliveredFile(file.key(), file.samples().size()));
        }
        return new Delivery(IngestSource.FILE, samples, delivered);
    }

    private FileKeys files() {
        return intake.<IntakeActor.DeliveredKeys>ask(IntakeActor.GetDeliveredFiles::new)
                .keys();
    }
}
