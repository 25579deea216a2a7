package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.ClassFactory;
import dev.reverie.actors.intake.IntakeExamples;
import dev.reverie.actors.intake.IntakeSettings;
import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.actors.telemetry.ClassMoves;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A class on a node of a cluster")
class ClassEntityTest {

    private static final int CAT = 0;
    private static final String CAT_ID = ClassPersistenceId.of(CAT).id();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Shorter than the time for which a class waits for its last save. */
    private static final Duration AT_ONCE = Duration.ofSeconds(8);

    private static final Config NODE = ConfigFactory.parseString(
            "pekko { actor.provider = cluster, remote.artery.canonical { hostname = localhost, port = 0 } }");

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit = ActorTestKit.create(NODE.withFallback(ConfigFactory.load("reverie")));

    private final LocalClasses localClasses = new LocalClasses();
    private final TestProbe<ClassReport> reports = testKit.createTestProbe();

    @Test
    @DisplayName("leaves without a save if its rows are damaged, since nothing would answer the save")
    void damagedClassLeaves() {
        IntakeSettings plan = plan(new StoreDamage(Map.of(CAT_ID, "a row is missing"), Set.of(CAT_ID)));
        ActorRef<ClassMessage> entity = testKit.spawn(ClassEntity.create(CAT, new ClassFactory(plan), localClasses));
        entity.tell(new ClassEntity.Subscribe(reports.ref()));
        publishRegistry();
        reports.expectMessageClass(ClassReport.Failed.class, PATIENCE);

        entity.tell(new ClassEntity.HandOff());

        reports.expectTerminated(entity, AT_ONCE);
        assertThat(localClasses.moves()).isEqualTo(new ClassMoves(0, 1, 1, 0));
    }

    private void publishRegistry() {
        ClassRegistryState registry = new ClassRegistryState(
                2,
                Optional.of(new ClassRegistryEvent.Initialised(7, Samples.SHAPE)),
                CAT + 1,
                new TreeMap<>(Map.of(CAT, "cat")),
                Set.of(CAT),
                Set.of(),
                Optional.empty(),
                new TreeMap<>());
        testKit.spawn(Behaviors.<Done>setup(context -> {
            new RegistryView<>(context).publish(registry, Done::getInstance);
            return Behaviors.ignore();
        }));
    }

    private static IntakeSettings plan(StoreDamage damage) {
        return IntakeExamples.on(new NoRetention(), damage);
    }
}
