package dev.reverie.streams.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.actors.Samples;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.streams.service.InMemoryService;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The recorded history of a memory")
class MemoryHistoryTest {

    private final InMemoryService service = new InMemoryService();
    private final MemoryHistory history = new MemoryHistory(service, Runnable::run, () -> Instant.EPOCH, () -> 0);

    @BeforeEach
    void deliver() {
        Image image = Samples.images(1, 1).getFirst();
        service.admit(new Delivery(
                IngestSource.HTTP,
                List.of(new Sample("cat", Optional.empty(), image), new Sample("dog", Optional.empty(), image))));
    }

    @Test
    @DisplayName("loses a forgotten class, even if the event that reports it was missed")
    void missedEvent() throws IOException {
        assertThat(history.record()).isCompleted();
        assertThat(labels()).containsExactly("cat", "dog");

        service.forget("cat");
        assertThat(history.record()).isCompleted();

        assertThat(labels()).containsExactly("dog");
    }

    @Test
    @DisplayName("reserves enough memory for a moment whose classes have the longest labels")
    void longLabels() throws IOException {
        Image image = Samples.images(1, 1).getFirst();
        service.admit(new Delivery(
                IngestSource.HTTP,
                List.of(
                        new Sample("猫".repeat(512), Optional.empty(), image),
                        new Sample("犬".repeat(512), Optional.empty(), image))));
        assertThat(history.record()).isCompleted();

        History.Query moment = new History.Query.OneMoment(
                json(new History.Query.Moments()).get(0).get("number").asLong());

        assertThat(history.content(moment).orElseThrow())
                .hasSizeLessThanOrEqualTo((int) history.estimate(moment))
                .hasSizeGreaterThan(2 * 3 * 512);
    }

    @Test
    @DisplayName("gets a hundredth of the time, at most every 5 s and at least every hour")
    void pauses() {
        assertThat(MemoryHistory.pauseAfter(Duration.ofMillis(1))).isEqualTo(Duration.ofSeconds(5));
        assertThat(MemoryHistory.pauseAfter(Duration.ofMillis(200))).isEqualTo(Duration.ofSeconds(20));
        assertThat(MemoryHistory.pauseAfter(Duration.ofDays(2))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    @DisplayName("counts the time in which a moment is created, and of the wait before it at most 0.3 s")
    void countedTime() {
        AtomicLong nanos = new AtomicLong();
        Executor late = work -> {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
            work.run();
        };

        InstantSource slowly = () -> {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
            return Instant.EPOCH;
        };

        CompletionStage<Duration> work = new MemoryHistory(service, late, slowly, nanos::get).record();

        assertThat(work).isCompletedWithValue(Duration.ofMillis(5300));
    }

    @Test
    @DisplayName("has no moment while no class has images")
    void withoutImages() throws IOException {
        service.withholdImages("cat");
        service.withholdImages("dog");

        assertThat(history.record()).isCompleted();

        assertThat(json(new History.Query.Moments())).isEmpty();
    }

    /** The classes of the first moment. */
    private List<String> labels() throws IOException {
        long number = json(new History.Query.Moments()).get(0).get("number").asLong();
        return json(new History.Query.OneMoment(number)).get("classes").findValuesAsText("label");
    }

    private JsonNode json(History.Query query) throws IOException {
        return new ObjectMapper().readTree(history.content(query).orElseThrow());
    }
}
