package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.service.InMemoryService;
import dev.reverie.streams.service.RecordedIngest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("A watched folder")
class FolderIngestTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Longer than any test, so that the tests depend on announcements by the operating system. */
    private static final Duration RARELY = Duration.ofMinutes(10);

    private final ActorTestKit kit = ActorTestKit.create("folder", ConfigFactory.load());
    private final InMemoryService service = new InMemoryService();
    private final RecordedIngest recorded = new RecordedIngest();
    private Path folder = Path.of("");
    private Path root = folder;

    @BeforeEach
    void createRoot(@TempDir Path temporary) throws IOException {
        folder = temporary;
        root = Files.createDirectory(folder.resolve("root")).toRealPath();
    }

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    @DisplayName("delivers each existing and new picture and batch once")
    void deliversFiles() {
        // given
        put("cat/1.png", Pictures.greyPng(4, 4));
        put("cat/2.JPG", Pictures.jpeg(4, 4));
        put("more.npz", NpzBytes.greyImages(List.of("cat", "dog")).toBytes());

        // when
        FolderIngest ingest = open(After.LEAVE, RARELY);
        await(() -> assertThat(service.accepted("cat")).hasSize(3));
        put("mouse/late.png", Pictures.greyPng(4, 4));
        await(() -> assertThat(service.accepted("mouse")).hasSize(1));
        put("cat/late.png", Pictures.greyPng(4, 4));
        await(() -> assertThat(service.accepted("cat")).hasSize(4));

        // then
        stop(ingest);
        assertThat(service.accepted("dog")).hasSize(1);
        assertThat(deliveredSamples()).isEqualTo(6);
        assertThat(recorded.decoded()).hasSize(5).containsOnly(IngestSource.FILE);
        assertThat(service.deliveries()).allMatch(delivery -> delivery.source() == IngestSource.FILE);
        assertThat(recorded.reasons()).isEmpty();
        assertThat(files())
                .containsExactlyInAnyOrder("cat/1.png", "cat/2.JPG", "more.npz", "mouse/late.png", "cat/late.png");
    }

    @Test
    @DisplayName("is scanned periodically for files that the operating system does not announce")
    void rescans() throws IOException {
        // given a subfolder that is moved in with its files, which the operating system does not announce
        Path prepared = Files.createDirectories(folder.resolve("aside/cat"));
        Files.write(prepared.resolve("1.png"), Pictures.greyPng(4, 4));
        FolderIngest ingest = open(After.LEAVE, Duration.ofMillis(200));
        await(() -> assertThat(ingest.check().passed()).isTrue());

        // when
        Files.move(prepared, root.resolve("cat"));

        // then
        await(() -> assertThat(service.accepted("cat")).hasSize(1));
        stop(ingest);
    }

    @Test
    @DisplayName("reads no file twice, even after a restart, but reads a changed file again")
    void restart() {
        // given
        put("cat/1.png", Pictures.greyPng(4, 4));
        put("more.npz", NpzBytes.greyImages(List.of("cat", "dog")).toBytes());
        FolderIngest first = open(After.LEAVE, RARELY);
        await(() -> assertThat(deliveredSamples()).isEqualTo(3));
        stop(first);

        // when
        FolderIngest second = open(After.LEAVE, RARELY);
        await(() -> assertThat(second.check().passed()).isTrue());
        put("cat/1.png", Pictures.colourPng(4, 4));

        // then
        await(() -> assertThat(service.accepted("cat")).hasSize(3));
        stop(second);
        assertThat(deliveredSamples()).isEqualTo(4);
    }

    @Test
    @DisplayName("does not deliver a file while it is being written")
    void growingFile() throws IOException {
        // given
        byte[] png = Pictures.greyPng(64, 64);
        Path file = Files.createDirectory(root.resolve("cat")).resolve("1.png");
        FolderIngest ingest = open(After.LEAVE, Duration.ofMillis(200));

        // when
        try (OutputStream out = Files.newOutputStream(file)) {
            for (byte each : png) {
                out.write(each);
                out.flush();
            }
        }

        // then
        await(() -> assertThat(service.accepted("cat")).hasSize(1));
        stop(ingest);
        assertThat(recorded.reasons()).isEmpty();
    }

    @Test
    @DisplayName("reports a file or folder in one line of the log, even if its name has line breaks")
    void lineBreaksInNames() throws IOException {
        // given
        Path unreadable = Files.createDirectory(root.resolve("a\nERROR b"));
        put("cat/1\n2.png", new byte[] {1});
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(FolderIngest.class.getPackageName());
        lines.start();
        log.addAppender(lines);

        // when
        try (FolderScan scan = new FolderScan(root, gone -> deleteIfEqual(gone, unreadable))) {
            while (scan.next().isPresent()) {
                // only the folders matter
            }
            FolderIngest ingest = open(After.LEAVE, RARELY);
            await(() -> assertThat(recorded.reasons()).isNotEmpty());
            stop(ingest);
        } finally {
            log.detachAppender(lines);
        }

        // then
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("a\\u000aERROR b"))
                .anyMatch(line -> line.contains("1\\u000a2.png"))
                .noneMatch(line -> line.contains("\n"));
    }

    private static void deleteIfEqual(Path folder, Path unwanted) {
        try {
            if (folder.equals(unwanted)) {
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("has accepted files moved to .done, and refused ones to .refused with the reason")
    void moves() throws IOException {
        // given
        put("cat/1.png", Pictures.greyPng(4, 4));
        put("cat/cut.png", Arrays.copyOf(Pictures.greyPng(8, 8), 60));
        put("lost.png", Pictures.greyPng(4, 4));
        put(".done/cat/1.png", new byte[] {1});

        // when
        FolderIngest ingest = open(After.MOVE, RARELY);
        await(() -> assertThat(files()).hasSize(6).noneMatch(name -> name.startsWith("cat/")));
        stop(ingest);

        // then
        assertThat(files())
                .contains(".done/cat/1.png", ".refused/cat/cut.png", ".refused/lost.png")
                .anyMatch(name -> name.matches("\\.done/cat/[0-9a-f]+-1\\.png"));
        assertThat(root.resolve(".refused/cat/cut.png.txt"))
                .content()
                .startsWith("image-invalid: the file")
                .endsWith("\n");
        assertThat(root.resolve(".refused/lost.png.txt")).content().contains("put it into a folder named by its label");
        assertThat(Files.readAllBytes(root.resolve(".done/cat/1.png"))).containsExactly(1);
        assertThat(recorded.reasons()).containsExactlyInAnyOrder("image-invalid", "label-invalid");
    }

    @Test
    @DisplayName("has stored files deleted, if so configured")
    void deletes() {
        put("cat/1.png", Pictures.greyPng(4, 4));

        FolderIngest ingest = open(After.DELETE, RARELY);

        await(() -> assertThat(files()).isEmpty());
        stop(ingest);
        assertThat(service.accepted("cat")).hasSize(1);
    }

    @Test
    @DisplayName("reports a refused file once, keeps it, and delivers the others, if files stay")
    void keepsRefused() {
        // given
        for (int i = 0; i < 9; i++) {
            put("cat/" + i + ".png", Pictures.greyPng(4, 4));
        }
        put("cat/broken.png", Arrays.copyOf(Pictures.greyPng(8, 8), 60));
        put("cat/large.png", new byte[5000]);
        put("cat/colour.png", Pictures.colourPng(4, 4));
        put("not a label!/1.png", Pictures.greyPng(4, 4));
        put("cat/notes.txt", new byte[1]);
        put("cat/.hidden.png", new byte[1]);
        put("cat/deeper/1.png", new byte[1]);
        service.acceptOnly(sample -> sample.image().shape().channels() == 1);

        // when
        FolderIngest ingest = open(After.LEAVE, Duration.ofMillis(200));
        await(() -> assertThat(service.accepted("cat")).hasSize(9));
        await(() -> assertThat(recorded.reasons()).hasSize(4));
        put("cat/last.png", Pictures.greyPng(4, 4));
        await(() -> assertThat(service.accepted("cat")).hasSize(10));
        stop(ingest);

        // then
        assertThat(recorded.reasons())
                .containsExactlyInAnyOrder("image-invalid", "too-large", "shape-mismatch", "label-invalid");
        assertThat(files()).hasSize(17);
    }

    @Test
    @DisplayName("ignores symbolic links to files and folders")
    void links() throws IOException {
        // given
        Path outside = Files.createDirectories(folder.resolve("outside/cat"));
        Files.write(outside.resolve("1.png"), Pictures.greyPng(4, 4));
        Files.createSymbolicLink(root.resolve("cat"), outside);
        put("dog/1.png", Pictures.greyPng(4, 4));
        Files.createSymbolicLink(root.resolve("dog/2.png"), outside.resolve("1.png"));
        Files.createSymbolicLink(root.resolve(".done"), outside);

        // when
        FolderIngest ingest = open(After.MOVE, RARELY);
        await(() -> assertThat(files()).contains(".refused/cat.txt", ".refused/dog/2.png.txt"));
        await(() -> assertThat(service.accepted("dog")).hasSize(1));
        stop(ingest);

        // then
        assertThat(recorded.reasons()).containsExactly("link-refused", "link-refused");
        assertThat(service.accepted("cat")).isEmpty();
        assertThat(root.resolve("dog/1.png")).exists();
        try (Stream<Path> untouched = Files.list(outside)) {
            assertThat(untouched).hasSize(1);
        }
    }

    @Test
    @DisplayName("waits while the service defers, and then delivers everything")
    void deferred() {
        // given
        for (int i = 0; i < 5; i++) {
            service.replyNextWith(CompletableFuture.completedStage(
                    new DeliveryOutcome.Deferred(DeliveryOutcome.Cause.UNAVAILABLE, "later", Duration.ofMillis(10))));
        }
        for (int i = 0; i < 30; i++) {
            put("cat/" + i + ".png", Pictures.greyPng(4, 4));
        }

        // when
        FolderIngest ingest = open(After.DELETE, RARELY);
        await(() -> assertThat(files()).isEmpty());

        // then
        stop(ingest);
        assertThat(service.accepted("cat")).extracting(Sample::id).hasSize(30).doesNotHaveDuplicates();
        assertThat(recorded.reasons()).hasSize(5).containsOnly("not-ready");
    }

    @Test
    @DisplayName("that disappears is searched for periodically, and reported as missing")
    void disappears() throws IOException {
        // given
        FolderIngest ingest = open(After.LEAVE, Duration.ofMillis(200));
        await(() -> assertThat(ingest.check().passed()).isTrue());

        // when
        Files.move(root, folder.resolve("away"), StandardCopyOption.ATOMIC_MOVE);
        await(() -> assertThat(ingest.check().passed()).isFalse());
        put("cat/1.png", Pictures.greyPng(4, 4));

        // then
        await(() -> assertThat(service.accepted("cat")).hasSize(1));
        await(() -> assertThat(ingest.check().passed()).isTrue());
        stop(ingest);
        assertThat(ingest.check().passed()).isFalse();
    }

    @Test
    @DisplayName("must exist at the start, and must be a folder")
    void missing() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        for (Path wrong : List.of(file, folder.resolve("nothing"))) {
            FolderSettings settings = FolderSettings.of(wrong, After.LEAVE);
            assertThatThrownBy(() -> FolderIngest.open(kit.system(), settings, service, (_, _, _) -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong.toString());
        }
    }

    private FolderIngest open(After after, Duration rescan) {
        FolderSettings settings = new FolderSettings(
                root,
                after,
                new IngestLimits(4096, 64, 1 << 16, 1 << 20, 200, 64, 256, 4096),
                16,
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                rescan);
        return FolderIngest.open(kit.system(), settings, service, recorded);
    }

    private void stop(FolderIngest ingest) {
        ingest.stop(TIMEOUT).toCompletableFuture().join();
    }

    private int deliveredSamples() {
        return service.deliveries().stream()
                .mapToInt(delivery -> delivery.samples().size())
                .sum();
    }

    private void put(String name, byte[] content) {
        Path file = root.resolve(name);
        try {
            Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> files() {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> Files.isRegularFile(path))
                    .map(path -> root.relativize(path).toString())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(Runnable assertion) {
        kit.createTestProbe().awaitAssert(TIMEOUT, () -> {
            assertion.run();
            return true;
        });
    }
}
