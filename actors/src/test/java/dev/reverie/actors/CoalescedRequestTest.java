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
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A coalesced request")
class CoalescedRequestTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit =
            ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load("reverie")));

    private final ManualTime time = ManualTime.get(testKit.system());
    private final TestProbe<ActorRef<String>> actor = testKit.createTestProbe();
    private final CoalescedRequest<ActorRef<String>, String> request = requestWithin(Duration.ofHours(1));

    private CoalescedRequest<ActorRef<String>, String> requestWithin(Duration timeout) {
        return new CoalescedRequest<>(actor.ref(), replyTo -> replyTo, timeout, _ -> {});
    }

    private CompletionStage<String> ask() {
        return request.ask(testKit.system().scheduler());
    }

    private static void assertTimeout(CompletionStage<String> reply) {
        assertThat(reply)
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class);
    }

    @Test
    @DisplayName("is sent once until the actor replies, however often it is made, and then again")
    void once() {
        CompletionStage<String> first = ask();
        CompletionStage<String> second = ask();
        ActorRef<String> replyTo = actor.receiveMessage();
        actor.expectNoMessage();

        replyTo.tell("here");

        assertThat(first).succeedsWithin(PATIENCE).isEqualTo("here");
        assertThat(second).succeedsWithin(PATIENCE).isEqualTo("here");

        CompletionStage<String> third = ask();
        actor.receiveMessage().tell("still here");

        assertThat(third).succeedsWithin(PATIENCE).isEqualTo("still here");
    }

    @Test
    @DisplayName("is not sent again after its timeout, and then fails at once")
    void timeout() {
        CoalescedRequest<ActorRef<String>, String> impatient = requestWithin(Duration.ofMillis(1));
        assertTimeout(impatient.ask(testKit.system().scheduler()));

        assertThat(impatient.ask(testKit.system().scheduler())).isCompletedExceptionally();
        actor.receiveMessage();
        actor.expectNoMessage();
    }

    @Test
    @DisplayName("is sent again after five seconds without a reply, and then after twice as long, since it may be lost")
    void expires() {
        CompletionStage<String> first = ask();
        actor.receiveMessage();

        time.timePasses(FIRST_PAUSE);

        assertTimeout(first);
        CompletionStage<String> second = ask();
        actor.receiveMessage();

        time.timePasses(FIRST_PAUSE);

        ask();
        actor.expectNoMessage();

        time.timePasses(FIRST_PAUSE);

        assertTimeout(second);
        ask();
        actor.receiveMessage();
    }

    @Test
    @DisplayName("is sent again after a minute at the latest, however often it got no reply")
    void longestPause() {
        for (int sent = 0; sent < 8; sent++) {
            CompletionStage<String> reply = ask();
            actor.receiveMessage();
            time.timePasses(Duration.ofMinutes(1));
            assertTimeout(reply);
        }
    }

    @Test
    @DisplayName("is sent again at once after it was dropped")
    void dropped() {
        ask();
        actor.receiveMessage();

        request.drop();

        ask();
        actor.receiveMessage();
    }
}
