package dev.reverie.actors.cluster;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.Registrar;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The proxy of a node to the registrar")
class RegistryProxyTest {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final ClassRegistryActor.Failed FULL =
            new ClassRegistryActor.Failed(StoreFailure.FULL, "no space left on device");

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit = ActorTestKit.create(ManualTime.config()
            .withFallback(ConfigFactory.parseString(
                    "pekko { actor.provider = cluster, remote.artery.canonical { hostname = localhost, port = 0 } }"))
            .withFallback(ConfigFactory.load("reverie")));

    private final ManualTime time = ManualTime.get(testKit.system());
    private final TestProbe<Registrar.Command> registrar = testKit.createTestProbe();
    private final TestProbe<ClassRegistryActor.Report> reports = testKit.createTestProbe();
    private final ActorRef<ClassRegistryActor.Append> proxy =
            testKit.spawn(RegistryProxy.create(registrar.ref(), reports.ref()));

    private void fail() {
        registrar.expectMessageClass(Registrar.Append.class).replyTo().tell(FULL);
    }

    @Test
    @DisplayName("reports a failure once, although it asks every second, and again for each change")
    void reportsFailureOnce() {
        proxy.tell(new ClassRegistryActor.Append(0, List.of()));
        fail();
        reports.expectMessage(FULL);

        time.timePasses(TICK);
        fail();

        reports.expectNoMessage();

        proxy.tell(new ClassRegistryActor.Append(0, List.of()));
        fail();

        reports.expectMessage(FULL);
    }
}
