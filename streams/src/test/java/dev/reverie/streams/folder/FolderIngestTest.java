package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.CapturedLog;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.ingest.ItemDelivery.DecodeResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A watched folder")
class FolderIngestTest extends AbstractFolderIngestTest {

    /** Several times as many as are read, wait for a delivery and are delivered at once. */
    private static final int MORE_THAN_IN_WORK = 300;

    @Test
    @DisplayName("delivers each existing and new picture and batch once")
    void deliversFiles() {
        put("cat/1.png", Pictures.greyPng(4, 4));
        put("cat/2.JPG", Pictures.jpeg(4, 4));
        put("more.npz", NpzBytes.greyImages(List.of("cat", "dog")).toBytes());

        FolderIngest ingest = open(After.LEAVE, RARELY);
        await(() -> assertThat(service.accepted("cat")).hasSize(3));
        put("mouse/late.png", Pictures.greyPng(4, 4));
        await(() -> assertThat(service.accepted("mouse")).hasSize(1));
        put("cat/late.png", Pictures.greyPng(4, 4));
        await(() -> assertThat(service.accepted("cat")).hasSize(4));

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
    @DisplayName("delivers pictures of any size if they are resized")
    void resizes() {
        put("cat/1.png", Pictures.greyPng(40, 30));
        put("cat/2.jpg", Pictures.jpeg(16, 50));

        FolderIngest ingest =
                open(After.LEAVE, RARELY, Optional.of(new Resizing(new TargetSize(8, 4), Resizing.Fit.CROP)));

        await(() -> assertThat(service.accepted("cat"))
                .extracting(sample -> sample.image().shape())
                .containsExactlyInAnyOrder(new ImageShape(1, 4, 8), new ImageShape(3, 4, 8)));
        stop(ingest);
    }

    @Test
    @DisplayName("is scanned periodically for files that the operating system does not announce")
    void rescans() throws IOException {
        // given a subfolder that is moved in with its files, which the operating system does not announce
        Path prepared = Files.createDirectories(folder.resolve("aside/cat"));
        Files.write(prepared.resolve("1.png"), Pictures.greyPng(4, 4));
        FolderIngest ingest = open(After.LEAVE, OFTEN);
        await(() -> assertThat(ingest.check().passed()).isTrue());

        Files.move(prepared, root.resolve("cat"));

        await(() -> assertThat(service.accepted("cat")).hasSize(1));
        stop(ingest);
    }

    @Test
    @DisplayName("follows links to files and folders in it if asked, and refuses those that lead out of it")
    void followsLinks() throws IOException {
        put(".store/1.png", Pictures.greyPng(4, 4));
        put("cat/2.png", Pictures.colourPng(4, 4));
        Path outside = Files.write(folder.resolve("outside.png"), Pictures.greyPng(4, 4));
        Files.createSymbolicLink(root.resolve("dog"), root.resolve(".store"));
        Files.createSymbolicLink(root.resolve("cat/3.png"), Path.of("../.store/1.png"));
        Files.createSymbolicLink(root.resolve("cat/4.png"), outside);
        Files.createSymbolicLink(root.resolve("cat/latest"), Path.of("2.png"));
        Files.createSymbolicLink(root.resolve("away"), folder);
        FolderSettings settings =
                FolderSettings.of(root, After.LEAVE).withFollowLinks(true).withSettle(Duration.ofMillis(100));

        FolderIngest ingest = new FolderIngest(kit.system(), settings, service, recorded, System::nanoTime);

        await(() -> assertThat(recorded.reasons()).containsExactly("link-refused"));
        await(() -> assertThat(service.accepted("cat")).hasSize(2));
        await(() -> assertThat(service.accepted("dog")).hasSize(1));
        stop(ingest);
        assertThat(deliveredSamples()).isEqualTo(3);
    }

    @Test
    @DisplayName("reads no file twice, even after a restart, but reads a changed file again")
    void restart() {
        put("cat/1.png", Pictures.greyPng(4, 4));
        put("more.npz", NpzBytes.greyImages(List.of("cat", "dog")).toBytes());
        FolderIngest first = open(After.LEAVE, RARELY);
        await(() -> assertThat(deliveredSamples()).isEqualTo(3));
        stop(first);

        FolderIngest second = open(After.LEAVE, RARELY);
        await(() -> assertThat(second.check().passed()).isTrue());
        put("cat/1.png", Pictures.colourPng(4, 4));

        await(() -> assertThat(service.accepted("cat")).hasSize(3));
        stop(second);
        assertThat(deliveredSamples()).isEqualTo(4);
    }

    @Test
    @DisplayName("leaves no file in the record that is deleted after its delivery, even if a kill came between")
    void forgetsDeletedFiles() throws IOException {
        put("cat/1.png", Pictures.greyPng(4, 4));
        put("dog/1.png", Pictures.greyPng(4, 4));
        FolderIngest first = open(After.LEAVE, RARELY);
        await(() -> assertThat(deliveredSamples()).isEqualTo(2));
        stop(first);
        Files.delete(root.resolve("cat/1.png"));

        FolderIngest second = open(After.DELETE, OFTEN);

        await(() -> assertThat(
                        service.deliveredFiles().toCompletableFuture().join().size())
                .isZero());
        stop(second);
    }

    @Test
    @DisplayName("reports a file in one line of the log, even if its name has line breaks")
    void lineBreaksInNames() {
        put("cat/1\n2.png", new byte[] {1});

        try (CapturedLog log = new CapturedLog(FolderIngest.class.getPackageName())) {
            FolderIngest ingest = open(After.LEAVE, RARELY);
            await(() -> assertThat(recorded.reasons()).isNotEmpty());
            stop(ingest);

            assertThat(log.take())
                    .anyMatch(line -> line.contains("1\\u000a2.png"))
                    .noneMatch(line -> line.contains("\n"));
        }
    }

    @Test
    @DisplayName("has no file refused that cannot be read now, because a later scan may read it")
    void unreadableFile() throws IOException {
        // given a folder in the place of a file, which not even root can read
        Files.createDirectory(root.resolve("1.png"));
        FoundFile file = FoundFile.at(root, Path.of("1.png"), false);
        SampleFileReader reader = new SampleFileReader(IngestLimits.defaults(), Optional.empty(), Optional::empty);

        assertThatThrownBy(() -> reader.read(file)).isInstanceOf(IOException.class);
        Files.delete(file.path());
        assertThat(reader.read(file)).isEmpty();
    }

    @Test
    @DisplayName("may have arrays in subfolders, which are read like the images of the service if their shape is open")
    void arrays() throws Exception {
        put("cat/1.npy", NpzBytes.npy("|u1", "False", "(3, 4, 4)", new byte[48]));
        FoundFile file = FoundFile.at(root, Path.of("cat/1.npy"), false);
        SampleFileReader reader = new SampleFileReader(
                IngestLimits.defaults(), Optional.empty(), () -> Optional.of(new ImageShape(3, 4, 4)));

        assertThat(
                        reader.read(file).orElseThrow() instanceof DecodeResult.Decoded<FoundFile> read
                                ? read.samples()
                                : List.of())
                .hasSize(1);
    }

    @Test
    @DisplayName("waits while the service defers, and then delivers everything")
    void deferred() {
        for (int i = 0; i < 5; i++) {
            service.replyNextWith(CompletableFuture.completedStage(
                    new DeliveryOutcome.Deferred(DeliveryOutcome.Cause.NOT_READY, "later", Duration.ofMillis(10))));
        }
        for (int i = 0; i < 30; i++) {
            put("cat/" + i + ".png", Pictures.greyPng(4, 4));
        }

        FolderIngest ingest = open(After.DELETE, RARELY);
        await(() -> assertThat(files()).isEmpty());

        stop(ingest);
        assertThat(service.accepted("cat")).extracting(Sample::id).hasSize(30).doesNotHaveDuplicates();
        assertThat(recorded.reasons()).hasSize(5).containsOnly("not-ready");
    }

    @Test
    @DisplayName("is stopped in the middle of a scan, after the files in work")
    void stopsDuringScan() {
        CompletableFuture<DeliveryOutcome> outcome = new CompletableFuture<>();
        service.replyWith(outcome);
        for (int i = 0; i < MORE_THAN_IN_WORK; i++) {
            put("cat/" + i + ".png", Pictures.greyPng(4, 4));
        }
        FolderIngest ingest = open(After.DELETE, RARELY);
        await(() -> assertThat(service.deliveries()).hasSize(2));

        CompletableFuture<Done> stopped = ingest.stop(TIMEOUT).toCompletableFuture();
        outcome.complete(new DeliveryOutcome.Accepted(1, 0));
        stopped.join();

        assertThat(deliveredSamples()).isLessThan(MORE_THAN_IN_WORK);
        assertThat(files()).hasSize(MORE_THAN_IN_WORK - deliveredSamples());
    }
}
