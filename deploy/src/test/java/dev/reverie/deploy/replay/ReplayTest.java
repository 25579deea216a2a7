package dev.reverie.deploy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.client.TestService;
import dev.reverie.deploy.replay.ReplayReport.Ending;
import dev.reverie.deploy.run.ManualCancellation;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageSource;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.published.Datasets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Checksum;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A replay")
@Timeout(60)
class ReplayTest {

    private static final int ALL = TinyImageFolder.LOWER + TinyImageFolder.UPPER;
    private static final int BATCH = 10;

    private static final ImageSource DAMAGED = new ImageSource() {
        @Override
        public byte[] levels() {
            throw new DatasetException("a.png is damaged");
        }

        @Override
        public void addTo(Checksum checksum) {
            levels();
        }
    };

    private final TestService service = TestService.start();
    private final ReverieClient client = service.client();
    private final ManualCancellation cancellation = new ManualCancellation();
    private Dataset dataset;

    @BeforeEach
    void load(@TempDir Path folder) throws IOException {
        dataset = Datasets.load(TinyImageFolder.writeTo(folder), Optional.empty());
    }

    @AfterEach
    void close() {
        client.close();
        service.close();
    }

    @Test
    @DisplayName(
            "sends every image of a folder once, with its class and without an id, which would change with the files")
    void sendsEverything() {
        ReplayReport report = replay(ClassOrder.SHUFFLED);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.totals()).isEqualTo(new ReplayTotals(ALL, ALL, 0, 0, 0));
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
        // given
        dataset = published();
        replay(ClassOrder.SHUFFLED);

        // when
        dataset = dataset.of(List.of(1));
        ReplayReport again = replay(ClassOrder.SHUFFLED);

        // then
        int upper = TinyImageFolder.UPPER;
        assertThat(again.totals()).isEqualTo(new ReplayTotals(upper, 0, upper, 0, 0));
    }

    @Test
    @DisplayName("that is repeated in any order sends only duplicates")
    void repeated() {
        dataset = published();
        replay(ClassOrder.SHUFFLED);

        ReplayReport again = replay(ClassOrder.of(List.of(1, 0)));

        assertThat(again.totals()).isEqualTo(new ReplayTotals(ALL, 0, ALL, 0, 0));
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
    @DisplayName("waits as long as a busy or full service asks, and counts the images that it sends again")
    void busy() {
        service.answerNext(deferred(DeliveryOutcome.Cause.OVERLOADED, 3));
        service.answerNext(deferred(DeliveryOutcome.Cause.UNAVAILABLE, 7));
        service.answerNext(deferred(DeliveryOutcome.Cause.STORE_FULL, 5));

        ReplayReport report = replay(ClassOrder.SHUFFLED);

        assertThat(cancellation.pauses())
                .containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(7), Duration.ofSeconds(5));
        assertThat(report.totals()).isEqualTo(new ReplayTotals(ALL, ALL, 0, 0, 3 * BATCH));
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
        assertThat(report.totals()).isEqualTo(new ReplayTotals(BATCH, 0, 0, 0, 2 * BATCH));
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
        ReplayListener afterFirst = new ReplayListener() {
            @Override
            public void delivered(ReplayTotals totals, int total, double seconds) {
                if (totals.sent() == BATCH) {
                    service.stopListening();
                }
            }

            @Override
            public void waiting(String reason) {
                assertThat(reason).matches("(no service answers at|the connection to) http://.*");
            }
        };

        ReplayReport report = replay(plan(ClassOrder.SHUFFLED, Optional.empty()), afterFirst);

        assertThat(cancellation.pauses()).extracting(Duration::toMillis).containsExactly(200L, 400L, 800L, 1600L);
        assertThat(report.totals()).isEqualTo(new ReplayTotals(ALL, ALL, 0, 0, 4 * BATCH));
        assertThat(service.arrived()).hasSize(ALL);
    }

    @Test
    @DisplayName("ends when the service refuses a delivery, and reports the reason")
    void refused() {
        service.answerNext(new DeliveryOutcome.Accepted(BATCH, 0));
        service.answerNext(
                new DeliveryOutcome.Refused(DeliveryOutcome.Reason.CLASS_SEALED, "the class 'upper' is sealed"));

        ReplayReport report = replay(ClassOrder.SHUFFLED);

        assertThat(report.ending()).isEqualTo(Ending.FAILED);
        assertThat(report.failure().orElseThrow()).hasMessage("the service refused: the class 'upper' is sealed");
        assertThat(report.totals()).isEqualTo(new ReplayTotals(2 * BATCH, BATCH, 0, BATCH, 0));
        assertThat(report.sentence())
                .startsWith("20 of 42 images sent in 0.0 s: 10 accepted, 0 duplicates, 10 refused; 0 sent again");
    }

    @Test
    @DisplayName("ends when an image cannot be read, and reports what it has sent and why it ended")
    void unreadable() {
        // given
        List<LabelledImage> images = new ArrayList<>(dataset.train());
        images.set(BATCH, new LabelledImage(Image.onDemand(dataset.shape(), DAMAGED), 0));
        Dataset damaged = new Dataset(
                dataset.name(), dataset.shape(), dataset.classNames(), dataset.normalisation(), images, dataset.test());
        List<Integer> places = IntStream.range(0, ALL).boxed().toList();

        // when
        ReplayReport report = replay(
                new ReplayPlan(damaged, SampleNames.of(damaged), places, BATCH, Optional.empty()),
                ReplayListener.silent());

        // then
        assertThat(report.ending()).isEqualTo(Ending.FAILED);
        assertThat(report.totals()).isEqualTo(new ReplayTotals(BATCH, BATCH, 0, 0, 0));
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
        assertThat(report.totals()).isEqualTo(ReplayTotals.NONE);
        assertThat(cancellation.pauses()).isEmpty();
    }

    @Test
    @DisplayName("keeps its rate with one delivery per second")
    void rate() {
        ReplayReport report = replay(plan(ClassOrder.SHUFFLED, Optional.of(4.0)), ReplayListener.silent());

        assertThat(cancellation.pauses()).hasSize(ALL / 4).containsOnly(Duration.ofSeconds(1));
        assertThat(report.imagesPerSecond()).isEqualTo(ALL / 10.0);
    }

    @Test
    @DisplayName("that was delayed continues at its rate without catching up")
    void heldUp() {
        service.answerNext(deferred(DeliveryOutcome.Cause.UNAVAILABLE, 30));

        replay(plan(ClassOrder.SHUFFLED, Optional.of(21.0)), ReplayListener.silent());

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
        assertThat(report.totals()).isEqualTo(new ReplayTotals(2 * BATCH, BATCH, 0, 0, 0));
        assertThat(report.sentence()).contains("10 deferred or unanswered");
    }

    private static DeliveryOutcome deferred(DeliveryOutcome.Cause cause, int seconds) {
        return new DeliveryOutcome.Deferred(
                cause, "too many bytes are waiting to be stored", Duration.ofSeconds(seconds));
    }

    private ReplayReport replay(ClassOrder order) {
        return replay(plan(order, Optional.empty()), ReplayListener.silent());
    }

    private ReplayReport replay(ReplayPlan plan, ReplayListener listener) {
        return new Replay(client, plan, cancellation, cancellation, listener).run();
    }

    private ReplayPlan plan(ClassOrder order, Optional<Double> rate) {
        List<Integer> places = order.stream(dataset, Integer.MAX_VALUE, 1);
        return new ReplayPlan(dataset, SampleNames.of(dataset), places, BATCH, rate);
    }
}
