package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The events of the API")
class TelemetryEventsTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    private static ActorTestKit kit;

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    @DisplayName("leave out representatives of a class that this node does not know")
    void unknownClass() {
        EventLog log = new EventLog(() -> NOW);
        TelemetryEvents events = new TelemetryEvents(log, () -> NOW, Optional.of("here:1"));
        var chosen = new TelemetryEvent.OfAnotherNode(
                "there:1",
                new TelemetryEvent.RepresentativesChosen(
                        3, 0, 0, 8, 1, OptionalDouble.empty(), OptionalDouble.empty(), 0.1));

        events.on(chosen);
        events.on(new TelemetryEvent.ClassPhaseChanged(3, "cat", Optional.of(ClassPhase.DISTILLING)));
        events.on(chosen);

        List<ServiceEvent> read = log.after(Optional.of(0L))
                .take(2)
                .runWith(Sink.seq(), kit.system())
                .toCompletableFuture()
                .join();
        assertThat(read).extracting(ServiceEvent::kind).containsExactly(Kind.CLASS, Kind.CLUSTER);
        assertThat(read.getLast().fields()).containsEntry("label", "cat");
    }
}
