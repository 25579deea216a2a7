package dev.reverie.actors.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.clustering.RefreshInterval;
import dev.reverie.actors.intake.ClassDirectory;
import dev.reverie.actors.intake.ClassMemoryCost;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.store.FailingStore;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.method.Method;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The coordinator of a service")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ServiceCoordinatorTest {

    private static final String PROGRESS = "distillation";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ServicePolicy POLICY = new ServicePolicy(
            4,
            1000,
            0.01,
            1.5,
            2,
            new RefreshInterval(Optional.of(2), Duration.ofSeconds(30), 0.5, Optional.empty()),
            Duration.ofMillis(20));

    @AutoClose
    private final FailingStore store = new FailingStore();

    private final TestProbe<IntakeActor.Command> intake = store.testKit().createTestProbe();
    /** Receives the index of a class when its initialisation begins, which never ends. */
    private final TestProbe<Integer> initialising = store.testKit().createTestProbe();

    private final OneProcess directory = new OneProcess();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    private ActorRef<ServiceCommand> spawn() {
        return store.testKit()
                .spawn(ServiceCoordinator.create(new ServicePlan(
                        shape -> Samples.settings(Method.DREAM),
                        POLICY,
                        MemoryBudget.perClass(2),
                        new ClassMemoryCost(_ -> Samples.settings(Method.DREAM), Long.MAX_VALUE),
                        intake.ref(),
                        directory,
                        new NoRetention(),
                        (settings, shape, normalisation) -> {
                            throw new IllegalStateException("these tests need no engine");
                        },
                        InstantSource.system(),
                        this::onTelemetry)));
    }

    private void onTelemetry(TelemetryEvent event) {
        if (event instanceof TelemetryEvent.Warning(var message)) {
            warnings.add(message);
        }
    }

    /** Returns when the coordinator has processed all messages that it got before. */
    private ServiceCommand.Status status(ActorRef<ServiceCommand> coordinator) {
        TestProbe<ServiceCommand.Status> reply = store.testKit().createTestProbe();
        coordinator.tell(new ServiceCommand.GetStatus(reply.ref()));
        return reply.receiveMessage(TIMEOUT);
    }

    @Test
    @DisplayName("warns ever less often while its progress cannot be read, and is available when it has been read")
    void unreadableProgress() {
        store.journal().persistForRecovery(PROGRESS, List.of(StoredProgress.NONE.afterIterationBegan(3)));
        store.journal().failNextNReads(PROGRESS, 3);

        ActorRef<ServiceCommand> coordinator = spawn();
        while (warnings.isEmpty()) {
            status(coordinator);
        }
        ServiceCommand.Status reading;
        do {
            reading = status(coordinator);
        } while (!reading.available());

        assertThat(warnings).hasSize(2).allSatisfy(warning -> assertThat(warning)
                .startsWith("the stored progress of the distillation cannot be read"));
    }

    @Test
    @DisplayName("warns ever less often while the matching stream fails, until a class is matched")
    void failingStream() {
        ActorRef<ServiceCommand> coordinator = spawn();
        ServiceCommand failed = new ServiceCommand.MatchingFailed(new IllegalStateException("the engine is away"));
        ServiceCommand matched = new ServiceCommand.WrappedLoopCommand(
                new LoopCommand.VisitMatched(new ClassVisit(LoopPosition.START, 0, 0, 2), 1, List.of(), 0, 0));

        List.of(failed, failed, matched, failed, failed).forEach(coordinator::tell);
        status(coordinator);

        assertThat(warnings).hasSize(2).allSatisfy(warning -> assertThat(warning)
                .startsWith("the matching stream failed (the engine is away)"));
    }

    @Test
    @DisplayName("initialises a class again that has left this process meanwhile, and does not warn of it")
    void leavingClass() {
        spawn();
        ActorRef<ClassNotification> notifications =
                intake.expectMessageClass(IntakeActor.Subscribe.class, TIMEOUT).subscriber();
        notifications.tell(new ClassNotification.ClassAdded(known(0, "cat")));
        notifications.tell(new ClassNotification.ClassAdded(known(1, "dog")));
        IntakeActor.FixNormalisation fix = intake.expectMessageClass(IntakeActor.FixNormalisation.class, TIMEOUT);
        fix.replyTo().tell(new IntakeActor.FixedNormalisation(Optional.of(fix.wanted())));
        initialising.receiveMessage(TIMEOUT);
        initialising.receiveMessage(TIMEOUT);

        directory.departed.accept(0);

        initialising.expectMessage(TIMEOUT, 0);
        assertThat(warnings).isEmpty();
    }

    private OpenClass known(int index, String label) {
        ClassInfo info = ClassInfos.of(index, label, ClassPhase.COLLECTING, 6);
        ActorRef<ClassMessage> actor = store.testKit().spawn(Behaviors.<ClassMessage>receiveMessage(message -> {
            reply(info, message);
            return Behaviors.same();
        }));
        return new OpenClass(info, false, actor);
    }

    private void reply(ClassInfo info, ClassMessage message) {
        switch (message) {
            case ClassCommand.GetInfo(var replyTo) -> replyTo.tell(info);
            case ClassActor.SampleImages request ->
                request.replyTo().tell(new ClassActor.Images(Samples.images(2, info.index())));
            case ClassActor.FindCandidates _ -> initialising.ref().tell(info.index());
            default -> {
                // needs no reply
            }
        }
    }

    /** All classes live here, until a test says that one has left. */
    private static final class OneProcess implements ClassDirectory {

        private volatile IntConsumer departed = _ -> {};

        @Override
        public boolean livesHere(int classIndex) {
            return true;
        }

        @Override
        public void onDeparture(IntConsumer listener) {
            departed = listener;
        }

        @Override
        public Optional<String> node() {
            return Optional.empty();
        }

        @Override
        public ActorRef<ClassRegistryActor.Append> registry(
                ActorContext<?> context, ActorRef<ClassRegistryActor.Report> reports) {
            throw new UnsupportedOperationException("the coordinator opens no registry");
        }

        @Override
        public ActorRef<ClassMessage> open(
                ActorContext<?> context, ClassRegistryState registry, int classIndex, ActorRef<ClassReport> reports) {
            throw new UnsupportedOperationException("the coordinator opens no class");
        }

        @Override
        public void onRegistry(ClassRegistryState registry) {
            throw new UnsupportedOperationException("the coordinator follows no registry");
        }
    }
}
