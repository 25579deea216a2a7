package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.reverie.gpu.CapturedLog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The end of a service")
class ServiceSystemTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    @DisplayName("waits until the actors have stopped")
    void waits() throws Exception {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "ends");

        Done done = ServiceSystem.terminate(system, LONG).toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);

        assertThat(done).isNotNull();
        assertThat(system.getWhenTerminated().toCompletableFuture()).isCompleted();
    }

    @Test
    @DisplayName("leaves an actor behind that does not stop")
    void leavesActorsBehind() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        ActorSystem<Void> system = ActorSystem.create(hanging(started, released), "hangs");
        assertThat(started.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        try (CapturedLog log = new CapturedLog(ServiceSystem.class)) {
            Done done = ServiceSystem.terminate(system, Duration.ofMillis(200))
                    .toCompletableFuture()
                    .get(LONG.toSeconds(), TimeUnit.SECONDS);

            assertThat(done).isNotNull();
            assertThat(log.take()).singleElement(STRING).contains("attach this log to a bug report");
        }
        assertThat(system.getWhenTerminated().toCompletableFuture()).isNotCompleted();

        released.countDown();
        system.getWhenTerminated().toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static Behavior<Void> hanging(CountDownLatch started, CountDownLatch released) {
        return Behaviors.setup(context -> {
            started.countDown();
            return Behaviors.receive(Void.class)
                    .onSignal(PostStop.class, stop -> {
                        released.await();
                        return Behaviors.same();
                    })
                    .build();
        });
    }
}
