package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.folder.FolderSettings.After;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A watched folder whose scans take long")
class FolderPauseTest extends AbstractFolderIngestTest {

    private static final Duration PAUSE = Duration.ofMinutes(5);

    /** Time that can pass between the end of a scan, with which the pause begins, and the delivery of its files. */
    private static final Duration DELIVERY = Duration.ofMinutes(1);

    private final ActorTestKit manual = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
    private final ManualTime time = ManualTime.get(manual.system());

    @AfterEach
    void closeManual() {
        manual.shutdownTestKit();
    }

    @Test
    @DisplayName("has its first files read at once, and new ones after a pause, although they wait for the next scan")
    void pauses() {
        put("cat/1.png", Pictures.greyPng(4, 4));
        AtomicLong nanos = new AtomicLong();
        LongSupplier oneHourLater = () -> nanos.addAndGet(Duration.ofHours(1).toNanos());
        FolderIngest ingest = new FolderIngest(
                manual.system(), FolderSettings.of(root, After.LEAVE), service, recorded, oneHourLater);

        assertThat(awaitFiles(1, Duration.ofMillis(100))).isLessThan(DELIVERY);

        put("cat/2.png", Pictures.greyPng(4, 4));

        assertThat(awaitFiles(2, Duration.ofSeconds(20))).isGreaterThan(PAUSE.minus(DELIVERY));
        stop(ingest);
    }

    /** Lets time pass in steps until so many files are delivered, and returns how much has passed. */
    private Duration awaitFiles(int count, Duration step) {
        AtomicInteger steps = new AtomicInteger();
        await(() -> {
            steps.incrementAndGet();
            time.timePasses(step);
            assertThat(service.accepted("cat")).hasSize(count);
        });
        return step.multipliedBy(steps.get());
    }
}
