package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.monitoring.ClassTelemetry;
import dev.reverie.monitoring.MemorySnapshot;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The classes in the metrics")
class LatestSnapshotTest {

    private static final Set<Thread.State> BUSY = EnumSet.of(Thread.State.NEW, Thread.State.RUNNABLE);

    private final OneClass service = new OneClass();
    private Instant now = Instant.ofEpochSecond(1000);
    private final InstantSource clock = () -> now;
    private final LatestSnapshot snapshot = new LatestSnapshot(
            service, _ -> OptionalLong.empty(), () -> OptionalLong.of(17), new ClassTelemetry(clock), clock);

    @Test
    @DisplayName("are asked for again after two seconds, and not before")
    void reused() {
        assertThat(snapshot.get().classes()).hasSize(1);
        now = now.plusMillis(1999);
        assertThat(snapshot.get().classes()).hasSize(1);
        assertThat(service.asked()).isEqualTo(1);

        now = now.plusMillis(1);
        assertThat(snapshot.get().classes()).hasSize(1);
        assertThat(service.asked()).isEqualTo(2);
    }

    @Test
    @DisplayName("are not asked for again at once if the service does not report them")
    void failureReused() {
        service.fail(new UnavailableException("try again"));

        assertThat(snapshot.get().classes()).isEmpty();
        assertThat(snapshot.get().classes()).isEmpty();

        assertThat(service.asked()).isEqualTo(1);
    }

    @Test
    @DisplayName("are asked for once by simultaneous scrapes")
    void shared() throws InterruptedException {
        CompletableFuture<List<ClassInfo>> answer = service.hold();
        List<MemorySnapshot> taken = new CopyOnWriteArrayList<>();

        Thread first = waitingThread(() -> taken.add(snapshot.get()));
        Thread second = waitingThread(() -> taken.add(snapshot.get()));
        answer.complete(List.of());
        first.join();
        second.join();

        assertThat(taken).hasSize(2);
        assertThat(service.asked()).isEqualTo(1);
    }

    /** Starts a thread, and waits until it waits. */
    private static Thread waitingThread(Runnable task) {
        Thread thread = Thread.ofPlatform().start(task);
        while (BUSY.contains(thread.getState())) {
            LockSupport.parkNanos(1_000_000);
        }
        return thread;
    }
}
