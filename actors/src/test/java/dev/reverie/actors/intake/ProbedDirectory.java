package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A directory whose registry and classes do what the test says. All classes but {@link AbstractSharedClassesTest#FOX}
 * have recovered as soon as they are opened.
 */
final class ProbedDirectory implements ClassDirectory {

    final TestProbe<ClassRegistryActor.Append> registry;
    final TestProbe<ActorRef<ClassRegistryActor.Report>> started;
    /** By label. */
    final List<TestProbe<ClassMessage>> classes;

    private static final List<String> LABELS = List.of("cat", "dog", "fox");

    private final Map<Integer, ActorRef<ClassReport>> reports = new ConcurrentHashMap<>();

    ProbedDirectory(ActorTestKit testKit) {
        this.registry = testKit.createTestProbe();
        this.started = testKit.createTestProbe();
        this.classes = List.of(testKit.createTestProbe(), testKit.createTestProbe(), testKit.createTestProbe());
    }

    @Override
    public boolean livesHere(int classIndex) {
        return false;
    }

    @Override
    public void onDeparture(IntConsumer listener) {
        // No class lives here.
    }

    @Override
    public Optional<String> node() {
        return Optional.of("127.0.0.1:17355");
    }

    @Override
    public ActorRef<ClassRegistryActor.Append> registry(
            ActorContext<?> context, ActorRef<ClassRegistryActor.Report> registryReports) {
        started.ref().tell(registryReports);
        return registry.ref();
    }

    @Override
    public ActorRef<ClassMessage> open(
            ActorContext<?> context, ClassRegistryState state, int classIndex, ActorRef<ClassReport> classReports) {
        reports.put(classIndex, classReports);
        if (classIndex != AbstractSharedClassesTest.FOX) {
            recover(classIndex);
        }
        return context.spawn(
                Behaviors.monitor(ClassMessage.class, classes.get(classIndex).ref(), Behaviors.ignore()),
                "class-" + classIndex);
    }

    @Override
    public void onRegistry(ClassRegistryState state) {
        // The classes have no capacity.
    }

    void recover(int classIndex) {
        recover(classIndex, 1);
    }

    void recover(int classIndex, long epoch) {
        Objects.requireNonNull(reports.get(classIndex)).tell(info(classIndex, epoch));
    }

    /** What a class publishes in an epoch. */
    static ClassInfo info(int classIndex, long epoch) {
        return ClassInfos.of(classIndex, LABELS.get(classIndex), ClassPhase.COLLECTING, 3, false, epoch);
    }
}
