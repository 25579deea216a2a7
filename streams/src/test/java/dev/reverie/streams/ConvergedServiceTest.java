package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.service.ServicePolicy;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A service whose classes have all converged")
class ConvergedServiceTest extends ServiceFixture {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int SOON_CONVERGED = 1;
    private static final double OUT_OF_REACH = 0.99;
    private static final double NEVER_DRIFTS = 1e6;
    private static final int LOOPS = 5;

    @Test
    @DisplayName("continues to observe them, with a pause after each inner loop")
    void pauses() {
        stop();
        policy = new ServicePolicy(
                POLICY.minImages(), SOON_CONVERGED, OUT_OF_REACH, NEVER_DRIFTS, 1, POLICY.refresh(), PAUSE);
        service = started();
        twoClassesLearn();
        awaitConverged("cat");
        awaitConverged("dog");

        List<Instant> loops = await(service.events(Optional.empty())
                        .filter(event -> event.kind() == Kind.PROGRESS)
                        .take(LOOPS)
                        .runWith(Sink.seq(), service.system()))
                .stream()
                .map(ServiceEvent::at)
                .toList();

        assertThat(Duration.between(loops.getFirst(), loops.getLast()))
                .as("several loops, of which the first may be published late")
                .isGreaterThan(PAUSE.multipliedBy(LOOPS / 2));
        assertThat(status("cat").phase()).isEqualTo(ClassPhase.CONVERGED);
    }

    private void awaitConverged(String label) {
        while (status(label).phase() != ClassPhase.CONVERGED) {
            awaitLoops(1);
        }
    }
}
