package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A watched folder that cannot be read as expected")
class FolderIngestFailureTest extends AbstractFolderIngestTest {

    @Test
    @DisplayName("has a file read again at the next scan if an unexpected error occurs while it is read")
    void errorInFile() {
        put("cat/1.png", Pictures.greyPng(4, 4));
        put("cat/2.png", Pictures.greyPng(4, 4));
        LoggingTestKit warning =
                LoggingTestKit.warn("Cannot read the file cat/").withCause(OutOfMemoryError.class);
        FirstRead failing = new FirstRead(() -> {
            throw new OutOfMemoryError("Java heap space");
        });

        warning.expect(kit.system(), () -> {
            FolderIngest ingest = open(After.LEAVE, OFTEN, Optional.empty(), failing, System::nanoTime);
            await(() -> assertThat(service.accepted("cat")).hasSize(2));
            stop(ingest);
            return true;
        });

        assertThat(deliveredSamples()).isEqualTo(2);
    }

    /** Intervenes when a file is read for the first time. */
    private static final class FirstRead implements IngestListener {

        private final Supplier<DecodeTimer> first;
        private final AtomicBoolean isFirst = new AtomicBoolean(true);

        FirstRead(Supplier<DecodeTimer> first) {
            this.first = first;
        }

        @Override
        public void refused(Refused refused) {
            throw new AssertionError("refused a file: " + refused);
        }

        @Override
        public void deferred(IngestSource source, String reason) {
            throw new AssertionError("deferred a delivery: " + reason);
        }

        @Override
        public DecodeTimer decoding(IngestSource source) {
            return isFirst.getAndSet(false) ? first.get() : () -> {};
        }
    }

    @Test
    @DisplayName("has a file read when it is back, though it was gone when it was to be read")
    void vanishedFile() {
        put("cat/1.png", Pictures.greyPng(4, 4));
        Path file = root.resolve("cat/1.png");
        Path away = folder.resolve("away");
        FirstRead moving = new FirstRead(() -> {
            moveTo(file, away);
            return () -> moveTo(away, file);
        });

        FolderIngest ingest = open(After.LEAVE, OFTEN, Optional.empty(), moving, System::nanoTime);

        await(() -> assertThat(service.accepted("cat")).hasSize(1));
        stop(ingest);
    }

    @Test
    @DisplayName("is scanned again after an unexpected error, which the log names with its origin")
    void errorInScan() {
        put("cat/1.png", Pictures.greyPng(4, 4));
        AtomicBoolean isFirst = new AtomicBoolean(true);
        LongSupplier failingOnce = () -> {
            if (isFirst.getAndSet(false)) {
                throw new IllegalStateException("no time");
            }
            return System.nanoTime();
        };
        LoggingTestKit warning = LoggingTestKit.warn("no time); trying again").withCause(IllegalStateException.class);

        warning.expect(kit.system(), () -> {
            FolderIngest ingest = open(After.LEAVE, OFTEN, Optional.empty(), recorded, failingOnce);
            await(() -> assertThat(service.accepted("cat")).hasSize(1));
            stop(ingest);
            return true;
        });

        assertThat(deliveredSamples()).isEqualTo(1);
    }

    @Test
    @DisplayName("that disappears is searched for periodically, and reported as missing once")
    void disappears() throws IOException {
        FolderIngest ingest = open(After.LEAVE, OFTEN);
        await(() -> assertThat(ingest.check().passed()).isTrue());

        LoggingTestKit.warn("cannot be scanned").withOccurrences(1).expect(kit.system(), () -> {
            moveTo(root, folder.resolve("away"));
            await(() -> assertThat(ingest.check().passed()).isFalse());
            awaitAttempt(ingest);
            awaitAttempt(ingest);
            return true;
        });
        put("cat/1.png", Pictures.greyPng(4, 4));

        await(() -> assertThat(service.accepted("cat")).hasSize(1));
        await(() -> assertThat(ingest.check().passed()).isTrue());
        stop(ingest);
        assertThat(ingest.check().passed()).isFalse();
    }

    /** Waits until the folder has been searched for again, which makes another check even if the result is the same. */
    private void awaitAttempt(FolderIngest ingest) {
        Readiness.Check before = ingest.check();
        await(() -> assertThat(ingest.check()).isNotSameAs(before));
    }

    private static void moveTo(Path source, Path target) {
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("must exist at the start, and must be a folder")
    void missing() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        for (Path wrong : List.of(file, folder.resolve("nothing"))) {
            FolderSettings settings = FolderSettings.of(wrong, After.LEAVE);
            assertThatThrownBy(() -> WatchedFolder.open(kit.system(), settings, service, recorded, System::nanoTime))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong.toString());
        }
    }
}
