package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log of events")
class EventLogTest {

    @AutoClose("shutdownTestKit")
    private static final ActorTestKit KIT = ActorTestKit.create();

    private Instant now = Instant.ofEpochSecond(1_700_000_000);

    @Test
    @DisplayName("numbers events by their time, so that a client can go on at another node of a cluster")
    void followsTheClock() {
        EventLog early = new EventLog(() -> now);
        now = now.plus(Duration.ofHours(1));
        EventLog late = new EventLog(() -> now);

        publish(early, "one");
        now = now.plusMillis(1);
        publish(late, "two");
        publish(late, "three");
        now = now.plusMillis(1);
        publish(early, "four");

        long first = read(early, 0, 2).getFirst().number();
        assertThat(read(late, first, 2))
                .extracting(event -> event.fields().get("message"))
                .containsExactly("two", "three");
        long third = read(late, 0, 2).getLast().number();
        assertThat(read(early, third, 1))
                .extracting(event -> event.fields().get("message"))
                .containsExactly("four");
    }

    @Test
    @DisplayName("numbers events upwards even if the clock goes back")
    void clockGoesBack() {
        EventLog log = new EventLog(() -> now);
        publish(log, "one");
        now = now.minusSeconds(60);
        publish(log, "two");

        List<ServiceEvent> events = read(log, 0, 2);

        assertThat(events.getLast().number()).isGreaterThan(events.getFirst().number());
    }

    @Test
    @DisplayName("gives a reader that names no event all those published since it asked, even before it reads")
    void since() {
        EventLog log = new EventLog(() -> now);
        publish(log, "before");

        Source<ServiceEvent, NotUsed> source = log.after(Optional.empty());
        publish(log, "between");

        assertThat(read(source, 1))
                .extracting(event -> event.fields().get("message"))
                .containsExactly("between");
    }

    @Test
    @DisplayName("leaves out representatives of a class that this node does not know")
    void unknownClass() {
        EventLog log = new EventLog(() -> now);
        TelemetryEvents events = new TelemetryEvents(log, () -> now, Optional.of("here:1"));
        var chosen = new TelemetryEvent.OfAnotherNode(
                "there:1",
                new TelemetryEvent.RepresentativesChosen(
                        3, 0, 0, 8, 1, OptionalDouble.empty(), OptionalDouble.empty(), 0.1));

        events.on(chosen);
        events.on(new TelemetryEvent.ClassPhaseChanged(3, "cat", Optional.of(ClassPhase.DISTILLING)));
        events.on(chosen);

        List<ServiceEvent> read = log.after(Optional.of(0L))
                .take(2)
                .runWith(Sink.seq(), KIT.system())
                .toCompletableFuture()
                .join();
        assertThat(read).extracting(ServiceEvent::kind).containsExactly(Kind.CLASS, Kind.CLUSTER);
        assertThat(read.getLast().fields()).containsEntry("label", "cat");
    }

    private static void publish(EventLog log, String message) {
        log.publish(ServiceEvent.Kind.WARNING, Map.of("message", message));
    }

    private static List<ServiceEvent> read(EventLog log, long after, int count) {
        return read(log.after(Optional.of(after)), count);
    }

    private static List<ServiceEvent> read(Source<ServiceEvent, NotUsed> source, int count) {
        return source.take(count)
                .runWith(Sink.seq(), KIT.system())
                .toCompletableFuture()
                .join();
    }
}
