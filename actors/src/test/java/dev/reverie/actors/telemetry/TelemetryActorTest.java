package dev.reverie.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.telemetry.TelemetryEvent.Warning;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Telemetry")
class TelemetryActorTest {

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));

    private final TestProbe<Done> caller = testKit.createTestProbe();
    private final List<String> delivered = new CopyOnWriteArrayList<>();

    @Test
    @DisplayName("reaches every listener, in order, before a flush is answered")
    void reachesEveryListener() {
        var telemetry = testKit.spawn(TelemetryActor.create(
                List.of(event -> delivered.add("first " + event), event -> delivered.add("second " + event))));
        TelemetryListener publisher = TelemetryActor.publisher(telemetry);

        publisher.on(new Warning("a"));
        publisher.on(new Warning("b"));
        telemetry.tell(new TelemetryActor.Flush(caller.ref()));

        caller.expectMessage(Done.getInstance());
        assertThat(delivered)
                .containsExactly(
                        "first Warning[message=a]",
                        "second Warning[message=a]",
                        "first Warning[message=b]",
                        "second Warning[message=b]");
    }

    @Test
    @DisplayName("reaches the other listeners when one fails")
    void survivesAListener() {
        TelemetryListener failing = event -> {
            throw new IllegalStateException("not listening");
        };
        var telemetry =
                testKit.spawn(TelemetryActor.create(List.of(failing, event -> delivered.add(event.toString()))));

        telemetry.tell(new TelemetryActor.Publish(new Warning("a")));
        telemetry.tell(new TelemetryActor.Flush(caller.ref()));

        caller.expectMessage(Done.getInstance());
        assertThat(delivered).containsExactly("Warning[message=a]");
    }
}
