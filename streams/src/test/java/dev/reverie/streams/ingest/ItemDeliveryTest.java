package dev.reverie.streams.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.DeliveryOutcome.Cause;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.decode.SampleRefusedException;
import dev.reverie.streams.ingest.ItemDelivery.DecodeResult;
import dev.reverie.streams.service.InMemoryService;
import dev.reverie.streams.service.IngestListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An item of an ingest source with retries")
class ItemDeliveryTest {

    private static final Image IMAGE = Image.of(new ImageShape(1, 2, 2), new byte[4]);

    /** Longer than a test: a group closes when it is full, or when the items end. */
    private static final Duration WINDOW = Duration.ofMinutes(5);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit kit = ActorTestKit.create("delivery", ConfigFactory.load());

    private final InMemoryService service = new InMemoryService();
    private final List<String> reasons = new CopyOnWriteArrayList<>();
    private final List<String> deferrals = new CopyOnWriteArrayList<>();
    private final RecordedReasons listener = new RecordedReasons();
    private final RetryingDelivery delivery = new RetryingDelivery(kit.system(), service, IngestSource.FILE, listener);
    private final Map<String, String> outcomes = new ConcurrentHashMap<>();

    @Test
    @DisplayName("is delivered with others, in order, up to the sample limit of a delivery")
    void grouped() {
        List<String> delivered = deliver(items(10), 4);

        assertThat(delivered).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(service.deliveries()).extracting(Delivery::source).containsOnly(IngestSource.FILE);
        assertThat(sizes()).containsExactly(4, 4, 2);
        assertThat(service.accepted("cat")).hasSize(10);
        assertThat(outcomes.values()).containsOnly("admitted").hasSize(10);
    }

    @Test
    @DisplayName("is delivered with fewer others if it is large, and alone if it exceeds the limit")
    void groupedByBytes() {
        Image large = Image.of(new ImageShape(1, 300, 300), new byte[90_000]);

        deliver(IntStream.range(0, 3).mapToObj(i -> item("" + i, large)).toList(), 2);
        deliver(List.of(new DecodeResult.Decoded<>("batch", 1, Collections.nCopies(9, sample("s", IMAGE)))), 2);

        assertThat(sizes()).containsExactly(1, 1, 1, 9);
    }

    private List<Integer> sizes() {
        return service.deliveries().stream().map(each -> each.samples().size()).toList();
    }

    @Test
    @DisplayName("is accepted even if others of its delivery are refused with their reasons")
    void neighbours() {
        List<DecodeResult<String>> items = new ArrayList<>(items(16));
        items.add(new DecodeResult.Undecodable<>("broken", 7, refusal()));
        service.acceptOnly(sample -> !List.of("3", "11").contains(sample.id().orElseThrow()));

        List<String> delivered = deliver(items, 32);

        assertThat(delivered).hasSize(17);
        assertThat(service.accepted("cat")).hasSize(14);
        assertThat(outcomes)
                .containsEntry("3", "shape-mismatch: a sample has another shape")
                .containsEntry("11", "shape-mismatch: a sample has another shape")
                .containsEntry("broken", "image-invalid: the file is no picture")
                .containsEntry("4", "admitted");
        assertThat(reasons).containsExactlyInAnyOrder("shape-mismatch", "shape-mismatch", "image-invalid");
    }

    @Test
    @DisplayName("is refused if one of its samples is, whose others and neighbours are stored")
    void refusedSamples() {
        service.replyNextWith(CompletableFuture.completedStage(new DeliveryOutcome.Accepted(
                10,
                0,
                List.of(new DeliveryOutcome.RefusedSample(9, "cat", Optional.of("b"), SampleVerdict.CONFLICT)))));
        DecodeResult<String> batch = new DecodeResult.Decoded<>("batch", 1, Collections.nCopies(9, sample("b", IMAGE)));

        deliver(List.of(item("1", IMAGE), batch, item("2", IMAGE)), 32);

        assertThat(outcomes)
                .containsEntry("1", "admitted")
                .containsEntry("2", "admitted")
                .containsEntry(
                        "batch",
                        "conflict: the id 'b' already belongs to another image of the class 'cat': give every image of"
                                + " a class its own id");
        assertThat(reasons).containsExactly("conflict");
    }

    @Test
    @DisplayName("is refused with all of its samples, and each of them is reported")
    void counted() {
        DecodeResult<String> batch =
                new DecodeResult.Decoded<>("batch", 1, Collections.nCopies(9, sample("unwanted", IMAGE)));
        service.acceptOnly(sample -> !sample.id().orElseThrow().equals("unwanted"));

        deliver(List.of(item("1", IMAGE), batch, item("2", IMAGE)), 32);

        assertThat(reasons).containsOnly("shape-mismatch").hasSize(9);
        assertThat(service.accepted("cat")).hasSize(2);
    }

    @Test
    @DisplayName("is retried while the service defers or fails, and then counts once")
    void deferred() {
        service.replyNextWith(deferred(Cause.OVERLOADED));
        service.replyNextWith(deferred(Cause.NOT_READY));
        service.replyNextWith(deferred(Cause.STORAGE_FULL));
        service.replyNextWith(deferred(Cause.STORE_DAMAGED));
        service.replyNextWith(CompletableFuture.failedStage(new IllegalStateException("on purpose")));

        deliver(items(3), 8);

        assertThat(deferrals).containsExactly("overloaded", "not-ready", "storage-full", "store-damaged", "internal");
        assertThat(reasons).isEmpty();
        assertThat(service.accepted("cat")).hasSize(3);
        assertThat(service.deliveries())
                .hasSize(6)
                .containsOnly(service.deliveries().getFirst());
        assertThat(delivery.outcomes()).isEqualTo(5);
    }

    @Test
    @DisplayName("is reported ever less often while the service fails")
    void reportedLessOften() {
        service.replyNextWith(CompletableFuture.failedStage(new IllegalStateException("on purpose")));
        service.replyNextWith(CompletableFuture.failedStage(new IllegalStateException("on purpose")));

        LoggingTestKit.warn("The service failed to process a delivery")
                .withOccurrences(1)
                .expect(kit.system(), () -> deliver(items(1), 8));
    }

    @Test
    @DisplayName("is not retried by a restarted stream, which reads it again")
    void restarted() {
        CompletableFuture<DeliveryOutcome> outcome = new CompletableFuture<>();
        service.replyNextWith(outcome);
        CompletionStage<DeliveryOutcome> earlier = delivery.deliver(List.of(sample("1", IMAGE)), List.of());

        RetryingDelivery next = delivery.restarted();
        outcome.complete(deferral(Cause.OVERLOADED));

        assertThat(earlier)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(CancellationException.class);
        assertThat(service.deliveries()).hasSize(1);
        assertThat(next.deliver(List.of(sample("1", IMAGE)), List.of())).succeedsWithin(Duration.ofSeconds(20));
        assertThat(next.outcomes()).isEqualTo(2);
    }

    @Test
    @DisplayName("is not retried after the ingest source was closed")
    void closed() {
        CompletableFuture<DeliveryOutcome> outcome = new CompletableFuture<>();
        service.replyNextWith(outcome);
        CompletableFuture<DeliveryOutcome> pending =
                delivery.deliver(List.of(sample("1", IMAGE)), List.of()).toCompletableFuture();

        delivery.close();
        outcome.complete(deferral(Cause.OVERLOADED));

        assertThat(pending)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .isInstanceOf(CancellationException.class);
    }

    private List<String> deliver(List<DecodeResult<String>> items, int samples) {
        ItemDelivery<String> itemDelivery =
                new ItemDelivery<>(IngestSource.FILE, delivery, listener, new RecordedDisposition());
        return Source.from(items)
                .via(itemDelivery.flow(samples, WINDOW))
                .runWith(Sink.seq(), kit.system())
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Records the reason of a refusal once per sample, and that of a deferral once. */
    private final class RecordedReasons implements IngestListener {

        @Override
        public void refused(Refused refused) {
            reasons.addAll(Collections.nCopies(refused.samples(), refused.reason()));
        }

        @Override
        public void deferred(IngestSource source, String reason) {
            deferrals.add(reason);
        }
    }

    /** Records the outcome of each item. */
    private final class RecordedDisposition implements ItemDelivery.Disposition<String> {

        @Override
        public String name(String origin) {
            return origin;
        }

        @Override
        public CompletionStage<Done> accepted(String origin) {
            return note(origin, "admitted");
        }

        @Override
        public CompletionStage<Done> refused(String origin, Refusal refusal) {
            return note(origin, refusal.reason() + ": " + refusal.detail());
        }

        private CompletionStage<Done> note(String origin, String outcome) {
            assertThat(outcomes.put(origin, outcome)).as(origin).isNull();
            return CompletableFuture.completedStage(Done.getInstance());
        }
    }

    private static List<DecodeResult<String>> items(int number) {
        return IntStream.range(0, number).mapToObj(i -> item("" + i, IMAGE)).toList();
    }

    private static DecodeResult<String> item(String name, Image image) {
        return new DecodeResult.Decoded<>(name, 1, List.of(sample(name, image)));
    }

    private static Sample sample(String id, Image image) {
        return new Sample("cat", Optional.of(id), image);
    }

    private static Refusal refusal() {
        return Refusal.of(
                new SampleRefusedException(SampleRefusedException.Reason.IMAGE_INVALID, "the file is no picture"));
    }

    private static CompletionStage<DeliveryOutcome> deferred(Cause cause) {
        return CompletableFuture.completedStage(deferral(cause));
    }

    private static DeliveryOutcome deferral(Cause cause) {
        return new Deferred(cause, "later", Duration.ofMillis(1));
    }
}
