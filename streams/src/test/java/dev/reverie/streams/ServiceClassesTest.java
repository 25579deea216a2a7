package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.Samples;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.service.ServicePolicy;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The classes of a running service")
class ServiceClassesTest extends ServiceFixture {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int SOON_CONVERGED = 1;
    private static final double OUT_OF_REACH = 0.99;
    private static final double NEVER_DRIFTS = 1e6;
    private static final int LOOPS = 5;

    @Test
    @DisplayName("are distilled as soon as two have enough images, and others join later")
    void classesJoin() {
        twoClassesLearn();

        deliver("bird", 6, 2);
        awaitMatched("bird");

        assertThat(await(service.classes()))
                .extracting(ClassInfo::label, ClassInfo::index, ClassInfo::phase)
                .containsExactly(
                        tuple("cat", 0, ClassPhase.DISTILLING),
                        tuple("dog", 1, ClassPhase.DISTILLING),
                        tuple("bird", 2, ClassPhase.DISTILLING));
        assertThat(await(service.memory()).orElseThrow().set().parameters().count())
                .isEqualTo(3 * IPC);
    }

    @Test
    @DisplayName("publish that a single class waits for a second one, once each time the wait begins")
    void waitForASecondClass() throws InterruptedException {
        var catWaits = new TelemetryEvent.WaitingForSecondClass(0, "cat", POLICY.minImages());
        deliver("cat", 6, 0);

        assertThat(waits.poll(1, TimeUnit.MINUTES)).isEqualTo(catWaits);
        assertThat(await(service.status()).worker()).isEqualTo("waiting for a second class");

        deliver("dog", 6, 1);
        awaitMatched("cat", "dog");
        awaitLoops(2);

        assertThat(waits).isEmpty();

        assertThat(await(service.forget("dog"))).isTrue();

        assertThat(waits.poll(1, TimeUnit.MINUTES)).isEqualTo(catWaits);
        assertThat(await(service.status()).worker()).isEqualTo("waiting for a second class");
        assertThat(waits).isEmpty();
    }

    @Test
    @DisplayName("are not matched by networks from before a class was forgotten, whose outputs mean other classes")
    void forgottenWithPool() {
        await(service.stop(GRACE));
        method = Method.DANCE;
        pool = 3;
        service = started();
        twoClassesLearn();
        deliver("bird", 6, 2);
        awaitMatched("bird");
        assertThat(fixture.journal()).doesNotContain("discard the networks");

        await(service.forget("cat"));
        awaitLoops(6);

        assertThat(fixture.journal()).containsOnlyOnce("discard the networks");
    }

    @Test
    @DisplayName("are visited ever more rarely while their steps fail, and do not keep others from being visited")
    void failingClass() {
        IntStream.rangeClosed(1, 1000).forEach(time -> fixture.throwingAt("match 0", time));
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        awaitMatched("dog");

        awaitLoops(25);

        assertThat(stepsOfOutput(0)).isPositive().isLessThan(stepsOfOutput(1));
        assertThat(status("cat").innerLoops()).isZero();
    }

    private long stepsOfOutput(int output) {
        return fixture.journal().stream()
                .filter(job -> job.startsWith("match " + output + " "))
                .count();
    }

    @Test
    @DisplayName("are distilled with a full reservoir, even if it has room for fewer images than the minimum")
    void learnsFromSmallReservoirs() {
        await(service.stop(GRACE));
        limits = new IntakeLimits(10, 3, 1 << 20, 1 << 20, 100, 1000, 1 << 20, Optional.empty());
        service = started();

        twoClassesLearn();

        assertThat(status("cat").reservoir()).isEqualTo(3).isLessThan(POLICY.minImages());
    }

    @Test
    @DisplayName("keep their synthetic images and drop their real ones when they are sealed, while others continue")
    void sealedClassesStay() {
        twoClassesLearn();

        ClassInfo sealed = await(service.seal("cat", SealChange.NOW)).orElseThrow();
        long loopsThen = status("dog").innerLoops();
        awaitLoops(3);

        assertThat(sealed.phase()).isEqualTo(ClassPhase.SEALED);
        assertThat(sealed.reservoir()).isZero();
        assertThat(status("cat").innerLoops()).isEqualTo(sealed.innerLoops());
        assertThat(status("dog").innerLoops()).isGreaterThan(loopsThen);
        assertThat(admit("cat", 1, 9))
                .isInstanceOfSatisfying(DeliveryOutcome.Accepted.class, answer -> assertThat(answer.refused())
                        .hasSize(1));
    }

    @Test
    @DisplayName("get no new representatives when all of them are sealed")
    void sealedClassesAreNotClustered() {
        twoClassesLearn();
        await(service.seal("cat", SealChange.NOW));
        await(service.seal("dog", SealChange.NOW));
        clusteredWithin(Duration.ofSeconds(1));

        nanosOffset = Duration.ofMinutes(10);

        assertThat(clusteredWithin(Duration.ofSeconds(3))).isEmpty();
    }

    private List<ServiceEvent> clusteredWithin(Duration time) {
        return await(service.events(Optional.empty())
                .filter(event -> event.kind() == ServiceEvent.Kind.CLUSTER)
                .takeWithin(time)
                .runWith(Sink.seq(), service.system()));
    }

    @Test
    @DisplayName("keep the last name that they were given through a restart, until they are forgotten")
    void renamedClassesKeepTheirNames() {
        deliver("cat", 2, 0);
        deliver("dog", 2, 1);

        List<CompletionStage<Optional<ClassInfo>>> renamed = Stream.of("Tabby", "House cat")
                .map(name -> service.rename("cat", Optional.of(name)))
                .toList();
        renamed.forEach(each -> assertThat(await(each)).map(ClassInfo::label).contains("cat"));
        await(service.rename("cat", Optional.of("Felis catus")));
        await(service.rename("dog", Optional.of("Hound")));
        await(service.stop(GRACE));
        service = started();
        assertThat(await(service.rename("fox", Optional.of("Reynard")))).isEmpty();

        assertThat(await(service.displayNames())).containsExactly(entry(0, "Felis catus"), entry(1, "Hound"));
        await(service.rename("dog", Optional.empty()));
        await(service.forget("cat"));
        deliver("cat", 2, 0);
        assertThat(await(service.displayNames())).isEmpty();
    }

    @Test
    @DisplayName("can be forgotten within a loop, and their index is not used again")
    void forgottenClassesGo() {
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        deliver("bird", 6, 2);
        awaitMatched("cat", "dog", "bird");

        boolean existed = await(service.forget("dog"));
        Optional<ClassInfo> gone = await(service.classNamed("dog"));
        awaitLoops(4);
        deliver("dog", 6, 3);

        assertThat(existed).isTrue();
        assertThat(gone).isEmpty();
        assertThat(await(service.classNamed("dog"))).map(ClassInfo::index).contains(3);
        assertThat(await(service.classes())).extracting(ClassInfo::index).containsExactly(0, 2, 3);
        assertThat(await(service.memory()).orElseThrow().set().classes().names())
                .containsExactly("cat", "bird", "dog");
    }

    @Test
    @DisplayName("have a network with one output per present class, however many were forgotten")
    void networkStaysSmall() {
        twoClassesLearn();

        for (int guest = 0; guest < 8; guest++) {
            deliver("guest " + guest, 6, 2 + guest);
            awaitMatched("guest " + guest);
            await(service.forget("guest " + guest));
        }
        deliver("bird", 6, 2);
        awaitLoops(7);

        assertThat(status("bird").index()).isEqualTo(10);
        assertThat(fixture.journal().stream()
                        .filter(job -> job.startsWith("train"))
                        .toList())
                .last()
                .asString()
                .contains("/3 ");
    }

    @Test
    @DisplayName("may have images of another shape after every class was forgotten")
    void learnsAnotherShape() {
        twoClassesLearn();
        await(service.forget("cat"));
        await(service.forget("dog"));

        for (String label : List.of("red", "blue")) {
            assertThat(admit(label, Samples.images(new ImageShape(3, 6, 6), 6, label.hashCode())))
                    .isEqualTo(new DeliveryOutcome.Accepted(6, 0));
        }
        awaitMatched("red", "blue");

        assertThat(fixture.opened()).isEqualTo(2);
        assertThat(await(service.memory()).orElseThrow().set().normalisation().mean())
                .hasSize(3);
    }

    @Test
    @DisplayName("drop older images of a limited age when newer ones arrive, except those that they need to learn")
    void oldImages() {
        stop();
        limits = new IntakeLimits(10, 100, 1 << 20, 1 << 20, 100, 1000, 1 << 20, Optional.of(Duration.ofHours(1)));
        service = started();
        deliver("cat", 10, 0);
        clockOffset = Duration.ofHours(2);
        assertThat(status("cat").reservoir()).isEqualTo(10);

        deliver("cat", 3, 1);

        assertThat(status("cat").reservoir()).isEqualTo(POLICY.minImages() + 3);
        assertThat(status("cat").seen()).isEqualTo(13);
    }

    @Test
    @DisplayName("are observed when they have converged, with a pause after each inner loop")
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

    @Test
    @DisplayName("refuse a delivery if any of its images is too small, not only the first")
    void tooSmall() {
        Image small = Image.of(new ImageShape(1, 1, 1), new byte[1]);

        assertThat(admit("cat", List.of(RunSettings.images(1, 0).getFirst(), small)))
                .isEqualTo(new DeliveryOutcome.Refused(
                        DeliveryOutcome.Reason.SHAPE_MISMATCH,
                        "images of 1x1x1 pixels are too small: send images of at least 2x2 pixels"));
    }
}
