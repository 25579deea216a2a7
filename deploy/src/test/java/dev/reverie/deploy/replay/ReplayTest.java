package dev.reverie.deploy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.replay.ReplayReport.Ending;
import dev.reverie.gpu.dataset.Dataset;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A replay")
class ReplayTest extends AbstractReplayTest {

    @Test
    @DisplayName(
            "sends every image of a folder once, with its class and without an id, which would change with the files")
    void sendsEverything() {
        ReplayReport report = replay(ClassOrder.SHUFFLED);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(ALL, ALL, 0, 0, 0));
        assertThat(service.arrived()).hasSize(ALL).extracting(Sample::label).contains("lower", "upper");
        assertThat(service.arrived()).extracting(Sample::id).containsOnly(Optional.empty());
    }

    @Test
    @DisplayName("sends every image of a published dataset with an id of its own")
    void sendsIds() {
        dataset = published();

        replay(ClassOrder.SHUFFLED);

        assertThat(service.arrived().stream().map(Sample::id).flatMap(Optional::stream))
                .doesNotHaveDuplicates()
                .hasSize(ALL)
                .contains("mnist/train/lower/0", "mnist/train/upper/" + (TinyImageFolder.UPPER - 1));
    }

    private Dataset published() {
        return new Dataset(
                "mnist",
                dataset.shape(),
                dataset.classNames(),
                dataset.normalisation(),
                dataset.train(),
                dataset.test());
    }

    @Test
    @DisplayName("of some classes, after one of all, sends only duplicates, because the images keep their ids")
    void someClasses() {
        dataset = published();
        replay(ClassOrder.SHUFFLED);

        dataset = dataset.of(List.of(1));
        ReplayReport again = replay(ClassOrder.SHUFFLED);

        int upper = TinyImageFolder.UPPER;
        assertThat(again.totals()).isEqualTo(new ReplayReport.Totals(upper, 0, upper, 0, 0));
    }

    @Test
    @DisplayName("that is repeated in any order sends only duplicates")
    void repeated() {
        dataset = published();
        replay(ClassOrder.SHUFFLED);

        ReplayReport again = replay(ClassOrder.of(List.of(1, 0)));

        assertThat(again.totals()).isEqualTo(new ReplayReport.Totals(ALL, 0, ALL, 0, 0));
        assertThat(service.arrived()).hasSize(ALL);
    }

    @Test
    @DisplayName("sends classes one after another on request")
    void classAfterClass() {
        replay(ClassOrder.of(List.of(1, 0)));

        assertThat(service.arrived())
                .extracting(Sample::label)
                .containsExactlyElementsOf(Stream.concat(
                                Stream.generate(() -> "upper").limit(TinyImageFolder.UPPER),
                                Stream.generate(() -> "lower").limit(TinyImageFolder.LOWER))
                        .toList());
    }

    @Test
    @DisplayName("keeps its rate with one delivery per second")
    void rate() {
        ReplayReport report = replay(plan(ClassOrder.SHUFFLED, Optional.of(4.0)), ProgressView.none());

        assertThat(cancellation.pauses()).hasSize(ALL / 4).containsOnly(Duration.ofSeconds(1));
        assertThat(report.imagesPerSecond()).isEqualTo(ALL / 10.0);
    }

    @Test
    @DisplayName("that was delayed continues at its rate without catching up")
    void heldUp() {
        service.answerNext(deferred(DeliveryOutcome.Cause.NOT_READY, 30));

        replay(plan(ClassOrder.SHUFFLED, Optional.of(21.0)), ProgressView.none());

        assertThat(cancellation.pauses().getFirst()).isEqualTo(Duration.ofSeconds(30));
        assertThat(cancellation.pauses().subList(1, 4))
                .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofMillis(476), Duration.ofMillis(477)));
    }

    @Test
    @DisplayName("that is interrupted reports what it has sent")
    void interrupted() {
        service.answerNext(new DeliveryOutcome.Accepted(BATCH, 0));
        service.answerNext(deferred(DeliveryOutcome.Cause.OVERLOADED, 1));
        cancellation.meanwhile(cancellation::end);

        ReplayReport report = replay(ClassOrder.SHUFFLED);

        assertThat(report.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(2 * BATCH, BATCH, 0, 0, 0));
        assertThat(report.sentence()).contains("10 deferred or unanswered");
    }
}
