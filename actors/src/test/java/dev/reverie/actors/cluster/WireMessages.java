package dev.reverie.actors.cluster;

import static java.util.Map.entry;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.registry.Registrar;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.MatchTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * One message of every kind that travels between the nodes of a cluster, by the name of its golden file. To write the
 * golden files of new messages: {@code java -cp <test class path> dev.reverie.actors.cluster.WireMessages
 * src/test/resources/dev/reverie/actors/cluster}. Existing files stay, because they prove that nodes of two releases
 * understand each other.
 */
final class WireMessages {

    private static final List<Image> IMAGES = Samples.images(2, 5);
    private static final FingerprintBlock FINGERPRINTS = FingerprintBlock.of(new long[] {1, -2, 3, -4});
    private static final ClassVisit VISIT = new ClassVisit(new LoopPosition(3, 1), 7, 2, 5);
    private static final ClassCapacity CAPACITY = new ClassCapacity(12, 3, 34);
    private static final ClassInfo INFO = new ClassInfo(
            "Bär",
            7,
            ClassPhase.DISTILLING,
            44,
            17,
            2,
            99,
            OptionalDouble.of(0.5),
            Instant.ofEpochMilli(1_700_000_000_123L),
            true,
            false,
            20,
            new ClassInfo.Version(1L << 62, 55, 66));
    private static final Normalisation NORMALISATION = new Normalisation(List.of(0.25, 0.5), List.of(0.125, 1.0));
    private static final ClassRegistryActor.Append CHANGE = new ClassRegistryActor.Append(
            9,
            List.of(
                    new ClassRegistryEvent.Initialised(7, Samples.SHAPE),
                    new ClassRegistryEvent.ClassesRegistered(List.of("cat", "Bär")),
                    new ClassRegistryEvent.ClassesPopulated(Set.of(1)),
                    new ClassRegistryEvent.NormalisationFixed(NORMALISATION),
                    new ClassRegistryEvent.ClassRenamed(1, Optional.of("Brown bear")),
                    new ClassRegistryEvent.ForgettingStarted(0),
                    new ClassRegistryEvent.Forgotten(0)));
    private static final ClassRegistryState REGISTRY = new ClassRegistryState(
            9,
            Optional.of(new ClassRegistryEvent.Initialised(7, Samples.SHAPE)),
            2,
            new TreeMap<>(Map.of(0, "cat")),
            Set.of(0),
            Set.of(1),
            Optional.of(NORMALISATION),
            new TreeMap<>(Map.of(0, "House cat")));

    private WireMessages() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "reverie", ConfigFactory.load("reverie"));
        for (Map.Entry<String, Transferable> each : all(system).entrySet()) {
            Path file = folder.resolve(each.getKey() + ".bin");
            if (Files.notExists(file)) {
                Files.write(
                        file,
                        SerializationExtension.get(Adapter.toClassic(system))
                                .serialize(each.getValue())
                                .get());
            }
        }
        system.terminate();
    }

    /** All messages. The actor references in them belong to an actor of another actor system. */
    static Map<String, Transferable> all(ActorSystem<?> system) {
        ActorRef<Object> nobody = ActorRefResolver.get(system).resolveActorRef("pekko://reverie/user/nobody");
        Map<String, Transferable> all = new HashMap<>(requests(nobody));
        all.putAll(learning(nobody));
        all.putAll(replies());
        all.putAll(events());
        all.putAll(Map.ofEntries(
                entry(
                        "evaluation-1",
                        new ReplicatedEvaluation(
                                Instant.ofEpochSecond(1_700_000_000, 123_456_789),
                                Instant.ofEpochSecond(1_700_000_060),
                                List.of(
                                        new ReplicatedEvaluation.ClassResult(0, 20, 0.75),
                                        new ReplicatedEvaluation.ClassResult(300, 5, 1)),
                                12,
                                2.5)),
                entry("observe-class-1", new ClassEntity.Subscribe(nobody.narrow())),
                entry("append-to-registry-1", new Registrar.Append(CHANGE, nobody.narrow())),
                entry("current-registry-5", new ClassRegistryActor.Updated(REGISTRY)),
                entry("registry-5", REGISTRY),
                entry("registry-failed-1", new ClassRegistryActor.Failed(StoreFailure.UNAVAILABLE, "timeout"))));
        return all;
    }

    private static Map<String, Transferable> requests(ActorRef<Object> nobody) {
        return Map.ofEntries(
                entry("add-samples-1", new ClassCommand.AddSamples(42, 1, FINGERPRINTS, IMAGES, nobody.narrow())),
                entry("change-capacity-2", new ClassCommand.ChangeCapacity(CAPACITY)),
                entry("change-quota-2", new ClassCommand.ChangeQuota(11, 16_384)),
                entry("note-loss-1", new ClassCommand.RecordLoss(0.25)),
                entry("enter-phase-1", new ClassCommand.EnterPhase(ClassPhase.CONVERGED, nobody.narrow())),
                entry("seal-1", new ClassCommand.Seal(nobody.narrow())),
                entry("request-seal-1", new ClassCommand.RequestSeal(true, nobody.narrow())),
                entry("withdraw-sample-1", new ClassCommand.Withdraw(-42, nobody.narrow())),
                entry("get-real-images-1", new ClassCommand.GetRealImages("Bär", 42, nobody.narrow())),
                entry("seal-at-1", new ClassCommand.SealAt(42, nobody.narrow())),
                entry("save-1", new ClassCommand.Save(nobody.narrow())),
                entry("view-class-1", new ClassCommand.GetInfo(nobody.narrow())),
                entry("get-test-images-1", new ClassCommand.GetTestImages(nobody.narrow())),
                entry("find-candidates-1", new ClassActor.FindCandidates(200, 5, nobody.narrow())),
                entry("sample-images-1", new ClassActor.SampleImages(200, 0, nobody.narrow())),
                entry("read-images-1", new ClassActor.ReadImages(List.of(3, 1), nobody.narrow())),
                entry("read-memory-1", new ClassActor.ReadMemory(List.of(3, 1), nobody.narrow())),
                entry("take-snapshot-1", new ClassActor.TakeSnapshot(nobody.narrow())),
                entry("read-average-1", new ClassActor.ReadAverage(nobody.narrow())));
    }

    private static Map<String, Transferable> learning(ActorRef<Object> nobody) {
        return Map.ofEntries(
                entry("initialise-1", new ClassActor.Initialise(IMAGES, nobody.narrow())),
                entry(
                        "use-representatives-1",
                        new ClassActor.SetRepresentatives(List.of(1, 0), VISIT.position(), nobody.narrow())),
                entry("use-if-none-1", new ClassActor.SetRepresentativesIfNone(List.of(1, 0), nobody.narrow())),
                entry("prepare-batch-1", new ClassActor.PrepareBatch(VISIT, nobody.narrow())),
                entry("apply-gradient-1", new ClassActor.ApplyGradient(VISIT, batch(1), nobody.narrow())),
                entry("skip-1", new ClassActor.SkipVisit(VISIT, nobody.narrow())),
                entry("clamp-1", new ClassActor.Clamp()));
    }

    private static Map<String, Transferable> replies() {
        return Map.ofEntries(
                entry("samples-judged-1", new ClassCommand.SamplesJudged(42, 1, List.of(SampleVerdict.values()), INFO)),
                entry("real-images-1", new ClassCommand.RealImages(FINGERPRINTS, IMAGES, 42)),
                entry("withdrawal-1", new ClassCommand.Withdrawn(ClassCommand.Withdrawal.DONE)),
                entry("class-failed-1", new ClassReport.Failed(7, StoreFailure.OBSOLETE, "row 3 is obsolete")),
                entry("class-info-1", INFO),
                entry("candidates-1", new ClassActor.Candidates(List.of(4, 9), IMAGES)),
                entry("images-1", new ClassActor.Images(IMAGES)),
                entry("average-1", new ClassActor.Average(7, batch(6))),
                entry(
                        "batch-1",
                        new ClassActor.Batch(
                                VISIT, new MatchTask(VISIT.network(), VISIT.output(), IMAGES, batch(2), 6))),
                entry(
                        "class-snapshot-1",
                        new ClassSnapshot(
                                7, batch(3), batch(4), batch(5), List.of(1), Optional.of(VISIT.position()), 8)),
                entry("represented-1", new ClassActor.RepresentativesSet(OptionalDouble.of(0.5))),
                entry("turn-ended-1", new ClassActor.VisitEnded(0.125)));
    }

    private static Map<String, Transferable> events() {
        String node = "127.0.0.1:17355";
        return Map.ofEntries(
                entry(
                        "loop-completed-1",
                        new NodeEvent.LoopCompleted(
                                node, new TelemetryEvent.InnerLoopCompleted(3, 1, 2.5, Double.NaN, 0.5, 0.25, 100))),
                entry(
                        "representatives-chosen-1",
                        new NodeEvent.RepresentativesChosen(
                                node,
                                new TelemetryEvent.RepresentativesChosen(
                                        7, 3, 1, 32, 1.5, OptionalDouble.empty(), OptionalDouble.of(0.25), 0.125))),
                entry("warned-1", new NodeEvent.Warned(node, new TelemetryEvent.Warning("the Bär sleeps"))),
                entry(
                        "worker-restarted-1",
                        new NodeEvent.WorkerRestarted(node, new TelemetryEvent.WorkerRestarted("out of memory"))));
    }

    private static ImageBatch batch(long seed) {
        return ImageBatch.of(Samples.SHAPE, Samples.floats(2 * Samples.SHAPE.size(), new SplittableRandom(seed)));
    }
}
