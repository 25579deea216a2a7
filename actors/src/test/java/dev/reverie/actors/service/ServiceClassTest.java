package dev.reverie.actors.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.CoalescedRequest;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.clustering.RefreshInterval;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.Scheduler;
import org.junit.jupiter.api.AutoClose;
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
    private static final ClassInfo CAT = ClassInfos.of(0, "cat", ClassPhase.DISTILLING, 6);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit =
            ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load("reverie")));

    private final TestProbe<ClassMessage> actor = testKit.createTestProbe();
    private final ServiceClass cat = new ServiceClass(
            new OpenClass(CAT, false, actor.ref()),
            POLICY,
            new CoalescedRequest<>(actor.ref(), ClassCommand.GetInfo::new, Duration.ofHours(1), _ -> {}));

    private CompletionStage<Optional<ClassInfo>> ask() {
        return cat.ask(testKit.system().scheduler());
    }

    @Test
    @DisplayName("that has converged is distilled again when it has got further images, once")
    void grown() {
        cat.update(ClassInfos.of(0, "cat", ClassPhase.CONVERGED, 6).withImages(4));
        assertThat(cat.endIteration()).contains(ClassPhase.DISTILLING);

        cat.update(ClassInfos.of(0, "cat", ClassPhase.CONVERGED, 6).withImages(4));
        assertThat(cat.endIteration()).isEmpty();
    }

    @Test
    @DisplayName("is asked for its state once until it replies, and then again")
    void askedOnce() {
        for (int call = 0; call < 100; call++) {
            ask();
        }
        CompletionStage<Optional<ClassInfo>> last = ask();

        actor.expectMessageClass(ClassCommand.GetInfo.class).replyTo().tell(CAT);

        assertThat(last).succeedsWithin(PATIENCE).isEqualTo(Optional.of(CAT));
        actor.expectNoMessage();

        ask();

        actor.expectMessageClass(ClassCommand.GetInfo.class);
    }

    @Test
    @DisplayName("is not asked again when it is silent and its requests fail, but is when it has left this process")
    void askedAfterItHasLeft() {
        CompletionStage<Optional<ClassInfo>> pending = ask();
        actor.expectMessageClass(ClassCommand.GetInfo.class);

        cat.onWatched(false);
        cat.onWatched(false);

        assertThat(pending).succeedsWithin(PATIENCE).isEqualTo(Optional.empty());
        ask();
        actor.expectNoMessage();

        cat.leave();

        ask();
        actor.expectMessageClass(ClassCommand.GetInfo.class);
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
        cat.update(CAT);
        return cat.isToVisit(update, Instant.EPOCH);
    }

    @Test
    @DisplayName("is visited again five minutes after a visit has failed, however few updates there are until then")
    void longestPause() {
        for (int visit = 0; visit < 20; visit++) {
            cat.onSkipped(Instant.EPOCH);
        }

        cat.update(CAT);

        assertThat(cat.isToVisit(1, Instant.EPOCH.plusSeconds(299))).isFalse();
        assertThat(cat.isToVisit(1, Instant.EPOCH.plusSeconds(300))).isTrue();

        cat.onMatched(1);

        assertThat(cat.isToVisit(2, Instant.EPOCH)).isTrue();
    }
}
