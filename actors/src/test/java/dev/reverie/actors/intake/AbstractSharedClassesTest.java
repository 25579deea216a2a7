package dev.reverie.actors.intake;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.ImageShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** An intake on a node of a cluster, whose classes and registry do what the test says. */
abstract class AbstractSharedClassesTest {

    static final DeliveryOutcome UNREACHABLE = DeliveryOutcome.Deferred.of(StoreFailure.UNREACHABLE);
    static final int CAT = 0;
    static final int DOG = 1;
    static final int FOX = 2;
    static final int MOST_CLASSES = 3;

    @AutoClose("shutdownTestKit")
    final ActorTestKit testKit = ActorTestKit.create(ManualTime.config()
            .withFallback(PersistenceTestKitPlugin.config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load("reverie"))
            .resolve());

    final ManualTime time = ManualTime.get(testKit.system());
    final ProbedDirectory directory = new ProbedDirectory(testKit);
    ActorRef<IntakeActor.Command> intake;

    ActorRef<ClassRegistryActor.Report> registryReports;

    @BeforeEach
    void start() {
        IntakeSettings settings = IntakeExamples.on(new NoRetention(), StoreDamage.NONE);
        intake = testKit.spawn(
                IntakeActor.create(settings.withLimits(settings.limits().withClasses(MOST_CLASSES)), directory));
        registryReports = directory.started.receiveMessage();
        registryReports.tell(new ClassRegistryActor.Updated(registry(7, Map.of(CAT, "cat", DOG, "dog"), Set.of())));
        TestProbe<IntakeActor.Overview> overview = testKit.createTestProbe();
        do {
            intake.tell(new IntakeActor.GetOverview(overview.ref()));
        } while (overview.receiveMessage().loading());
    }

    static ClassRegistryState registry(long revision, Map<Integer, String> names, Set<Integer> forgetting) {
        return registry(revision, Samples.SHAPE, names, forgetting);
    }

    static ClassRegistryState registry(
            long revision, ImageShape shape, Map<Integer, String> names, Set<Integer> forgetting) {
        return new ClassRegistryState(
                revision,
                Optional.of(new ClassRegistryEvent.Initialised(7, shape)),
                names.containsKey(FOX) ? FOX + 1 : FOX,
                new TreeMap<>(names),
                names.keySet(),
                forgetting,
                Optional.empty(),
                new TreeMap<>());
    }

    TestProbe<DeliveryOutcome> deliver(String... labels) {
        List<Sample> samples = new ArrayList<>();
        for (String label : labels) {
            samples.addAll(RunningIntake.samples(label, 1, samples.size()));
        }
        return deliver(new Delivery(IngestSource.HTTP, samples));
    }

    TestProbe<DeliveryOutcome> deliver(Delivery delivery) {
        TestProbe<DeliveryOutcome> outcome = testKit.createTestProbe();
        intake.tell(new IntakeActor.Deliver(delivery, outcome.ref()));
        return outcome;
    }

    <M extends ClassMessage> M received(int classIndex, Class<M> type) {
        return directory.classes.get(classIndex).expectMessageClass(type);
    }

    /** Receives the samples of a class, and gives all of them the same verdict. */
    ClassCommand.AddSamples judge(int classIndex, SampleVerdict verdict) {
        ClassCommand.AddSamples samples = received(classIndex, ClassCommand.AddSamples.class);
        judge(classIndex, samples, verdict);
        return samples;
    }

    static void judge(int classIndex, ClassCommand.AddSamples samples, SampleVerdict verdict) {
        List<SampleVerdict> verdicts = Collections.nCopies(samples.images().size(), verdict);
        samples.replyTo()
                .tell(new ClassCommand.SamplesJudged(
                        samples.delivery(), samples.part(), verdicts, ProbedDirectory.info(classIndex, 1)));
    }

    void deadlinePasses() {
        for (int second = 0; second < PendingDeliveries.TICKS_TO_ANSWER; second++) {
            time.timePasses(Duration.ofSeconds(1));
        }
    }
}
