package dev.reverie.actors;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A repeated request")
class AsksTest {

    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit =
            ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load("reverie")));

    private final ManualTime time = ManualTime.get(testKit.system());
    private final TestProbe<ActorRef<String>> actor = testKit.createTestProbe();

    private CompletionStage<String> ask(ActorRef<ActorRef<String>> target) {
        return Asks.askRepeatedly(target, replyTo -> replyTo, testKit.system().scheduler());
    }

    @Test
    @DisplayName("gets the reply to its third message if the first two are lost")
    void lostMessages() {
        CompletionStage<String> reply = ask(actor.ref());
        actor.receiveMessage();
        time.timePasses(ATTEMPT);
        actor.receiveMessage();
        time.timePasses(ATTEMPT);

        actor.receiveMessage().tell("here");

        assertThat(reply).succeedsWithin(PATIENCE).isEqualTo("here");
    }

    @Test
    @DisplayName("fails without any time passing if the actor is on this node and has stopped")
    void stoppedActor() {
        ActorRef<ActorRef<String>> stopped = testKit.spawn(Behaviors.<ActorRef<String>>empty());
        testKit.stop(stopped);

        assertThat(ask(stopped))
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class);
    }
}
