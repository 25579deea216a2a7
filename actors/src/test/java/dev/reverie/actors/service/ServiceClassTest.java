package dev.reverie.actors.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.CoalescedRequest;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.clustering.RefreshInterval;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A class of a service")
class ServiceClassTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ServicePolicy POLICY = new ServicePolicy(
            4,
            1000,
            0.01,
            1.5,
            2,
            new RefreshInterval(Optional.of(2), Duration.ofSeconds(30), 0.5, Optional.empty()),
            Duration.ofMillis(20));
    private static final ClassSummary SUMMARY =
            new ClassSummary(0, "cat", ClassPhase.DISTILLING, 6, 6, 50, 2, 3, OptionalDouble.empty(), Instant.EPOCH);

    private final ActorTestKit testKit =
            ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load("reverie")));
    private final TestProbe<ClassMessage> actor = testKit.createTestProbe();
    private final ServiceClass cat = new ServiceClass(
            handle(false),
            POLICY,
            new CoalescedRequest<>(actor.ref(), ClassCommand.GetSummary::new, Duration.ofHours(1)));

    private ClassHandle handle(boolean failing) {
        return new ClassHandle(0, "cat", ClassPhase.DISTILLING, 6, false, false, failing, actor.ref());
    }

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    private CompletionStage<Optional<ClassSummary>> summary() {
        return cat.summary(testKit.system().scheduler());
    }

    @Test
    @DisplayName("is asked for its state once until it replies, and then again")
    void askedOnce() {
        for (int call = 0; call < 100; call++) {
            summary();
        }
        CompletionStage<Optional<ClassSummary>> last = summary();

        actor.expectMessageClass(ClassCommand.GetSummary.class).replyTo().tell(SUMMARY);

        assertThat(last).succeedsWithin(PATIENCE).isEqualTo(Optional.of(SUMMARY));
        actor.expectNoMessage();

        summary();

        actor.expectMessageClass(ClassCommand.GetSummary.class);
    }

    @Test
    @DisplayName("is not asked again when it is silent and its requests fail, but is when it has left this process")
    void askedAfterItHasLeft() {
        CompletionStage<Optional<ClassSummary>> pending = summary();
        actor.expectMessageClass(ClassCommand.GetSummary.class);

        cat.onWatched(false);
        cat.onWatched(false);

        assertThat(pending).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
        summary();
        actor.expectNoMessage();

        cat.leave();

        summary();
        actor.expectMessageClass(ClassCommand.GetSummary.class);
    }

    @Test
    @DisplayName("fails a request that it has dropped, after an hour if it may wait until the store accepts writes")
    void dropsARequest() {
        Scheduler scheduler = testKit.system().scheduler();
        CompletionStage<ClassSnapshot> dropped = cat.ref().ask(ClassActor.TakeSnapshot::new, scheduler);
        CompletionStage<Done> waiting =
                cat.ref().askToStore(replyTo -> new ClassActor.Initialise(List.of(), replyTo), scheduler);

        ManualTime.get(testKit.system()).timePasses(Duration.ofMinutes(3));

        assertThat(dropped)
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class);
        assertThat(waiting).isNotDone();

        ManualTime.get(testKit.system()).timePasses(Duration.ofHours(1));

        assertThat(waiting)
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class);
    }

    @Test
    @DisplayName("is visited ever more rarely while its visits fail, and in each loop after a visit has succeeded")
    void failingVisits() {
        List<Integer> visits = new ArrayList<>();

        for (int update = 1; update <= 31; update++) {
            if (isVisitedAfter(update)) {
                visits.add(update);
                cat.onSkipped(Instant.EPOCH);
            }
        }

        assertThat(visits).containsExactly(1, 3, 7, 15, 31);

        int next = 32;
        while (next < 100 && !isVisitedAfter(next)) {
            next++;
        }
        cat.onMatched(1);

        assertThat(next).isEqualTo(63);
        assertThat(isVisitedAfter(64)).isTrue();
        cat.onSkipped(Instant.EPOCH);
        assertThat(isVisitedAfter(65)).isFalse();
        assertThat(isVisitedAfter(66)).isTrue();
    }

    private boolean isVisitedAfter(int update) {
        cat.update(SUMMARY);
        return cat.isToVisit(update, Instant.EPOCH);
    }

    @Test
    @DisplayName("is visited again five minutes after a visit has failed, however few updates there are until then")
    void longestPause() {
        for (int visit = 0; visit < 20; visit++) {
            cat.onSkipped(Instant.EPOCH);
        }

        cat.update(SUMMARY);

        assertThat(cat.isToVisit(1, Instant.EPOCH.plusSeconds(299))).isFalse();
        assertThat(cat.isToVisit(1, Instant.EPOCH.plusSeconds(300))).isTrue();

        cat.onMatched(1);

        assertThat(cat.isToVisit(2, Instant.EPOCH)).isTrue();
    }

    @Test
    @DisplayName("of another process responds unless it is failing")
    void failingElsewhere() {
        cat.update(handle(true));
        assertThat(cat.responds()).isFalse();

        cat.update(handle(false));
        assertThat(cat.responds()).isTrue();
    }
}
