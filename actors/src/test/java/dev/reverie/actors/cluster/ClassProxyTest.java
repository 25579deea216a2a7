package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The proxy of a node to a class")
class ClassProxyTest {

    private static final Duration TICK = Duration.ofSeconds(2);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit =
            ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load("reverie")));

    private final ManualTime time = ManualTime.get(testKit.system());
    private final TestProbe<ShardingEnvelope<ClassMessage>> region = testKit.createTestProbe();
    private final TestProbe<ClassReport> reports = testKit.createTestProbe();
    private final ActorRef<ClassMessage> proxy = testKit.spawn(ClassProxy.create(7, region.ref(), reports.ref()));
    private final ClassInfo info = ClassInfos.of(7, "cat", ClassPhase.COLLECTING, 3);
    private ActorRef<ClassReport> subscriber;

    @BeforeEach
    void subscribes() {
        subscriber = subscribed();
    }

    /** The subscriber in the next message to the class. */
    private ActorRef<ClassReport> subscribed() {
        ShardingEnvelope<ClassMessage> envelope = region.receiveMessage();
        assertThat(envelope.entityId()).isEqualTo("7");
        return ((ClassEntity.Subscribe) envelope.message()).subscriber();
    }

    @Test
    @DisplayName("passes messages on to the class")
    void passesOn() {
        ClassCommand.ChangeQuota message = new ClassCommand.ChangeQuota(5, 1000);

        proxy.tell(message);

        assertThat(region.receiveMessage()).isEqualTo(new ShardingEnvelope<>("7", message));
    }

    @Test
    @DisplayName("passes on each report of the class once")
    void reports() {
        ClassInfo more = ClassInfos.of(7, "cat", ClassPhase.COLLECTING, 5);
        ClassReport failed = new ClassReport.Failed(7, StoreFailure.UNAVAILABLE, "no answer");

        List.of(info, info, more, failed, failed, info).forEach(subscriber::tell);

        List.of(info, more, failed, info).forEach(reports::expectMessage);
        reports.expectNoMessage();
    }

    @Test
    @DisplayName("reports a failure 4 to 6 s after the last report of the class, and the class again when it answers")
    void reportsSilence() {
        subscriber.tell(info);
        reports.expectMessage(info);

        time.timePasses(TICK);
        time.timePasses(TICK);

        reports.expectNoMessage();

        time.timePasses(TICK);

        assertThat(reports.receiveMessage())
                .isInstanceOfSatisfying(ClassReport.Failed.class, failed -> assertThat(failed.failure())
                        .isEqualTo(StoreFailure.UNREACHABLE));

        subscriber.tell(info);

        reports.expectMessage(info);
    }

    @Test
    @DisplayName("subscribes to the class every 2 s, which starts it again where necessary")
    void subscribesAgain() {
        time.timePasses(TICK);
        assertThat(subscribed()).isEqualTo(subscriber);
    }
}
