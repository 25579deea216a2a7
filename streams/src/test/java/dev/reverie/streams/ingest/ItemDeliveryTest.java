package dev.reverie.streams.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.DeliveryOutcome.Cause;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.intake.IngestSource;
import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.decode.SampleRefusedException;
import dev.reverie.streams.service.InMemoryService;
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
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What came in at a door that can wait")
class ItemDeliveryTest {

    private static final Image IMAGE = Image.of(new ImageShape(1, 2, 2), new byte[4]);
    private static final Duration WINDOW = Duration.ofMillis(20);

    private final ActorTestKit kit = ActorTestKit.create("settlement", ConfigFactory.load());
    private final InMemoryService service = new InMemoryService();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final RetryingDelivery delivery =
            new RetryingDelivery(kit.system(), service, IngestSource.FILE, (_, reason, _) -> told.add(reason));
    private final Map<String, String> fates = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    @DisplayName("is admitted together, in order, up to the number of samples that a group may have")
    void grouped() {
        // when
        List<String> settled = settle(parcels(10), 4);

        // then
        assertThat(settled).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(service.deliveries()).allSatisfy(delivery -> {
            assertThat(delivery.source()).isEqualTo(IngestSource.FILE);
            assertThat(delivery.samples()).hasSizeLessThanOrEqualTo(4);
        });
        assertThat(service.accepted("cat")).hasSize(10);
        assertThat(fates.values()).containsOnly("admitted").hasSize(10);
    }

    @Test
    @DisplayName("is admitted in smaller groups when it is large, and by itself when it is larger than a group may be")
    void groupedByBytes() {
        // given
        Image large = Image.of(new ImageShape(1, 300, 300), new byte[90_000]);

        // when
        settle(IntStream.range(0, 3).mapToObj(i -> parcel("" + i, large)).toList(), 2);
        settle(List.of(new SourceItem.Decoded<>("batch", 1, Collections.nCopies(9, sample("s", IMAGE)))), 2);

        // then
        assertThat(service.deliveries().getFirst().samples()).hasSize(1);
        assertThat(service.deliveries().getLast().samples()).hasSize(9);
    }

    @Test
    @DisplayName("does not suffer from what it came with: only what is to blame is refused, with the reason")
    void neighbours() {
        // given
        List<SourceItem<String>> parcels = new ArrayList<>(parcels(16));
        parcels.add(new SourceItem.Undecodable<>("broken", 7, refusal()));
        service.wantOnly(sample -> !List.of("3", "11").contains(sample.id().orElseThrow()));

        // when
        List<String> settled = settle(parcels, 32);

        // then
        assertThat(settled).hasSize(17);
        assertThat(service.accepted("cat")).hasSize(14);
        assertThat(fates)
                .containsEntry("3", "shape-mismatch: a sample is not wanted")
                .containsEntry("11", "shape-mismatch: a sample is not wanted")
                .containsEntry("broken", "image-invalid: the file is neither a PNG nor a JPEG")
                .containsEntry("4", "admitted");
        assertThat(told).containsExactlyInAnyOrder("shape-mismatch", "shape-mismatch", "image-invalid");
    }

    @Test
    @DisplayName("is refused with all of its samples, however small the group it came in, and these are told")
    void counted() {
        // given
        SourceItem<String> batch =
                new SourceItem.Decoded<>("batch", 1, Collections.nCopies(9, sample("unwanted", IMAGE)));
        service.wantOnly(sample -> !sample.id().orElseThrow().equals("unwanted"));

        // when
        settle(List.of(parcel("1", IMAGE), batch, parcel("2", IMAGE)), 32);

        // then
        assertThat(told).containsOnly("shape-mismatch").hasSize(9);
        assertThat(service.accepted("cat")).hasSize(2);
    }

    @Test
    @DisplayName("waits and comes again while the service defers or fails, and then counts once")
    void deferred() {
        // given
        service.answerNextWith(deferred(Cause.OVERLOADED));
        service.answerNextWith(deferred(Cause.UNAVAILABLE));
        service.answerNextWith(deferred(Cause.STORE_FULL));
        service.answerNextWith(CompletableFuture.failedStage(new IllegalStateException("on purpose")));

        // when
        settle(parcels(3), 8);

        // then
        assertThat(told).containsExactly("overloaded", "not-ready", "storage-full", "internal");
        assertThat(service.accepted("cat")).hasSize(3);
        assertThat(service.deliveries())
                .hasSize(5)
                .containsOnly(service.deliveries().getFirst());
        assertThat(delivery.outcomes()).isEqualTo(4);
    }

    @Test
    @DisplayName("does not come again from a stream that has begun anew, since that brings it itself")
    void begunAnew() {
        // given
        service.answerNextWith(deferred(Cause.OVERLOADED));
        CompletionStage<Optional<Refusal>> earlier = delivery.deliver(List.of(sample("1", IMAGE)));

        // when
        RetryingDelivery next = delivery.restarted();

        // then
        assertThat(earlier)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(CancellationException.class);
        assertThat(service.deliveries()).hasSize(1);
        assertThat(next.deliver(List.of(sample("1", IMAGE)))).succeedsWithin(Duration.ofSeconds(20));
        assertThat(next.outcomes()).isEqualTo(2);
    }

    @Test
    @DisplayName("comes no more once the door is closed")
    void closed() {
        // given
        service.answerWith(deferred(Cause.OVERLOADED));
        CompletableFuture<Optional<Refusal>> verdict =
                delivery.deliver(List.of(sample("1", IMAGE))).toCompletableFuture();

        // when
        delivery.close();

        // then
        assertThat(verdict)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .isInstanceOf(CancellationException.class);
    }

    private List<String> settle(List<SourceItem<String>> parcels, int samples) {
        ItemDelivery<String> settlement =
                new ItemDelivery<>(IngestSource.FILE, delivery, this::refused, new RecordedDisposition());
        return Source.from(parcels)
                .via(settlement.flow(samples, WINDOW))
                .runWith(Sink.seq(), kit.system())
                .toCompletableFuture()
                .join()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Once for each sample. */
    private void refused(IngestSource source, String reason, int samples) {
        told.addAll(Collections.nCopies(samples, reason));
    }

    /** Writes down what became of each parcel. */
    private final class RecordedDisposition implements ItemDelivery.Disposition<String> {

        @Override
        public CompletionStage<Done> accepted(String origin) {
            return note(origin, "admitted");
        }

        @Override
        public CompletionStage<Done> refused(String origin, Refusal refusal) {
            return note(origin, refusal.reason() + ": " + refusal.detail());
        }

        private CompletionStage<Done> note(String origin, String fate) {
            assertThat(fates.put(origin, fate)).as(origin).isNull();
            return CompletableFuture.completedStage(Done.getInstance());
        }
    }

    private static List<SourceItem<String>> parcels(int number) {
        return IntStream.range(0, number).mapToObj(i -> parcel("" + i, IMAGE)).toList();
    }

    private static SourceItem<String> parcel(String name, Image image) {
        return new SourceItem.Decoded<>(name, 1, List.of(sample(name, image)));
    }

    private static Sample sample(String id, Image image) {
        return new Sample("cat", Optional.of(id), image);
    }

    private static Refusal refusal() {
        return Refusal.of(
                new SampleRefusedException(SampleRefusedException.Reason.IMAGE_INVALID, "the file is neither a PNG nor a JPEG"));
    }

    private static CompletionStage<DeliveryOutcome> deferred(Cause cause) {
        return CompletableFuture.completedStage(new Deferred(cause, "later", Duration.ofMillis(1)));
    }
}
