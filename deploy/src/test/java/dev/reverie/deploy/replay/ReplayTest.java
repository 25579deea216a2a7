package dev.reverie.deploy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.progress.RecordedView;
import dev.reverie.deploy.replay.ReplayReport.Ending;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Checksum;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A replay")
class ReplayTest extends AbstractReplayTest {
    private static final Image.Source DAMAGED = new Image.Source() {
        @Override
        public byte[] levels() {
            throw new DatasetException("a.png is damaged");
        }

        @Override
        public void addTo(Checksum checksum) {
            levels();
        }
    };

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
    @DisplayName("sends every image of a published dataset with the name of its class and an id of its own")
    void sendsIds() {
        dataset = published();

        replay(ClassOrder.SHUFFLED);

        assertThat(service.arrived().stream().map(Sample::id).flatMap(Optional::stream))
                .doesNotHaveDuplicates()
                .hasSize(ALL)
                .contains("mnist/train/T-shirt/top/0", "mnist/train/tench, Tinca tinca/" + (TinyImageFolder.UPPER - 1));
        assertThat(service.arrived()).extracting(Sample::label).contains("T-shirt/top", "tench, Tinca tinca");
    }

    private Dataset published() {
        return new Dataset(
                "mnist",
                dataset.shape(),
                List.of("T-shirt/top", "tench, Tinca tinca"),
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

    @Test
    @DisplayName("waits as long as a busy or full service asks, and counts the images that it sends again")
    void busy() {
        service.answerNext(deferred(DeliveryOutcome.Cause.OVERLOADED, 3));
        service.answerNext(deferred(DeliveryOutcome.Cause.NOT_READY, 7));
        service.answerNext(deferred(DeliveryOutcome.Cause.STORAGE_FULL, 5));

        ReplayReport report = replay(ClassOrder.SHUFFLED);

        assertThat(cancellation.pauses())
                .containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(7), Duration.ofSeconds(5));
        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(ALL, ALL, 0, 0, 3 * BATCH));
    }

    @Test
    @DisplayName("gives up if the service is busy for more than two minutes")
    void busyForever() {
        Stream.generate(() -> deferred(DeliveryOutcome.Cause.OVERLOADED, 50))
                .limit(3)
                .forEach(service::answerNext);

        ReplayReport report = replay(ClassOrder.SHUFFLED);

        assertThat(report.ending()).isEqualTo(Ending.FAILED);
        assertThat(report.failure().orElseThrow())
                .isInstanceOf(ReverieException.Busy.class)
                .hasMessageStartingWith("the service is busy: too many bytes are waiting");
        assertThat(cancellation.pauses()).hasSize(2);
        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(BATCH, 0, 0, 0, 2 * BATCH));
        assertThat(report.totals().deferredOrUnanswered()).isEqualTo(BATCH);
    }

    @Test
    @DisplayName("survives a restart of the service with growing pauses, and loses or duplicates nothing")
    void restart() {
        cancellation.meanwhile(() -> {
            if (cancellation.pauses().size() == 4) {
                service.listenAgain();
            }
        });
        RecordedView stopping = new RecordedView() {
            @Override
            public void show(double fraction, String status) {
                super.show(fraction, status);
                if (shown().size() == 1) {
                    service.stopListening();
                }
            }
        };

        ReplayReport report = replay(plan(ClassOrder.SHUFFLED, Optional.empty()), stopping);

        assertThat(cancellation.pauses()).extracting(Duration::toMillis).containsExactly(200L, 400L, 800L, 1600L);
        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(ALL, ALL, 0, 0, 4 * BATCH));
        assertThat(service.arrived()).hasSize(ALL);
        assertThat(stopping.shown().getFirst()).contains("10/42 images, 10 accepted, 0 duplicates");
        assertThat(stopping.shown().subList(1, 5)).allSatisfy(status -> assertThat(status)
                .matches("waiting: (no service answers at|the connection to) http://.*"));
    }

    @Test
    @DisplayName("ends when the service refuses a delivery, and reports the reason")
    void refused() {
        service.answerNext(new DeliveryOutcome.Accepted(BATCH, 0));
        service.answerNext(new DeliveryOutcome.Refused(DeliveryOutcome.Reason.QUOTA, "the class 'upper' is sealed"));

        ReplayReport report = replay(ClassOrder.SHUFFLED);

        assertThat(report.ending()).isEqualTo(Ending.FAILED);
        assertThat(report.failure().orElseThrow()).hasMessage("the service refused: the class 'upper' is sealed");
        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(2 * BATCH, BATCH, 0, BATCH, 0));
        assertThat(report.sentence())
                .startsWith("20 of 42 images sent in 0.0 s: 10 accepted, 0 duplicates, 10 refused; 0 sent again");
    }

    @Test
    @DisplayName("ends when an image cannot be read, and reports what it has sent and why it ended")
    void unreadable() {
        List<LabelledImage> images = new ArrayList<>(dataset.train());
        images.set(BATCH, new LabelledImage(Image.onDemand(dataset.shape(), DAMAGED), 0));
        Dataset damaged = new Dataset(
                dataset.name(), dataset.shape(), dataset.classNames(), dataset.normalisation(), images, dataset.test());
        List<Integer> places = IntStream.range(0, ALL).boxed().toList();

        ReplayReport report = replay(
                new ReplayPlan(ReplaySource.Arrays.of(damaged), places, BATCH, Optional.empty()), ProgressView.none());

        assertThat(report.ending()).isEqualTo(Ending.FAILED);
        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(BATCH, BATCH, 0, 0, 0));
        assertThatThrownBy(report::requireNoFailure)
                .isInstanceOf(DatasetException.class)
                .hasMessage("a.png is damaged");
    }

    @Test
    @DisplayName("does not wait for a service that never answered")
    void notThere() {
        service.stopListening();

        ReplayReport report = replay(ClassOrder.SHUFFLED);
        service.listenAgain();

        assertThat(report.failure().orElseThrow()).isInstanceOf(ReverieException.Unreachable.class);
        assertThat(report.totals()).isEqualTo(ReplayReport.Totals.NONE);
        assertThat(cancellation.pauses()).isEmpty();
    }
}
