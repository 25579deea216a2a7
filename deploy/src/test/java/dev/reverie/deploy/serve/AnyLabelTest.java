package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.client.BatchRequest;
import dev.reverie.client.ClassPhase;
import dev.reverie.client.ClassStatus;
import dev.reverie.client.DeliveryReceipt;
import dev.reverie.client.MemoryImages;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.RandomSamples;
import dev.reverie.deploy.TestPrograms;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.gpu.coded.MemoryZip;
import dev.reverie.streams.AwkwardLabels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Classes whose labels have characters with a meaning elsewhere")
@Timeout(180)
class AnyLabelTest {

    private static final long PAUSE_NS = 20_000_000;

    private static final List<String> LABELS = AwkwardLabels.ALL;

    private static final Pattern SEEN = Pattern.compile(
            "^reverie_reservoir_seen_samples_total\\{class=\"((?:[^\"\\\\]|\\\\.)*)\"} ", Pattern.MULTILINE);

    @Test
    @DisplayName("are sent, read, counted, backed up, restored, sealed and forgotten like any others")
    void wholeRound(@TempDir Path folder) throws Exception {
        Path backup = folder.resolve("my.backup");
        try (RunningService service =
                        start(folder.resolve("store"), Files.createDirectory(folder.resolve("incoming")));
                ReverieClient client = ReverieClient.builder(service.address()).build()) {
            service.storeRead().toCompletableFuture().join();
            send(client);
            assertEachIsRead(client);
            assertThat(client.memory().orElseThrow().names().values()).containsExactlyElementsOf(LABELS);
            var pictures = MemoryZip.read(client.memoryPictures().orElseThrow(), "it");
            assertThat(pictures.set().classes().names()).containsExactlyElementsOf(LABELS);
            assertMetricsName(service.address());
            putIntoFolders(folder.resolve("incoming"), client);
            try (InputStream content = client.backup()) {
                Files.copy(content, backup);
            }
        }
        Path copy = folder.resolve("copy");
        new CapturedTerminal().succeeds("restore", "--from", backup.toString(), "--to", copy.toString());
        try (RunningService restored = start(copy, folder.resolve("incoming"));
                ReverieClient client = ReverieClient.builder(restored.address()).build()) {
            restored.storeRead().toCompletableFuture().join();
            assertThat(client.classes()).extracting(ClassStatus::label).containsExactlyElementsOf(LABELS);
            sealAndForget(client);
        }
    }

    private static RunningService start(Path store, Path incoming) {
        return LocalService.start(
                store, Map.of("reverie.watch.folder", incoming.toString(), "reverie.learning.width", "4"));
    }

    /** Sends an image of each class as an array, as a line of JSON and as a picture. */
    private static void send(ReverieClient client) throws Exception {
        DeliveryReceipt all = new DeliveryReceipt(LABELS.size(), 0);
        assertThat(client.deliver(RandomSamples.of(0, LABELS.size(), LABELS))).isEqualTo(all);
        assertThat(client.deliver(Collections.nCopies(LABELS.size(), picture(1)), LABELS))
                .isEqualTo(all);
        for (String label : LABELS) {
            assertThat(client.deliver(picture(2), label)).as(label).isEqualTo(new DeliveryReceipt(1, 0));
        }
    }

    private static byte[] picture(int grey) throws Exception {
        BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setSample(0, 0, 0, grey);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        return png.toByteArray();
    }

    private static void assertEachIsRead(ReverieClient client) throws ReverieException {
        assertThat(client.classes()).extracting(ClassStatus::label).containsExactlyElementsOf(LABELS);
        for (String label : LABELS) {
            assertThat(client.classStatus(label)).map(ClassStatus::label).contains(label);
            MemoryImages drawn = client.sample(BatchRequest.of(2).from(label, "seal"));
            assertThat(LongStream.of(drawn.labels()).mapToObj(drawn.names()::get))
                    .as(label)
                    .containsOnly(label, "seal");
        }
    }

    private static void assertMetricsName(URI address) throws Exception {
        byte[] metrics;
        try (InputStream page = address.resolve("/metrics").toURL().openStream()) {
            metrics = page.readAllBytes();
        }
        assertThat(SEEN.matcher(new String(metrics, StandardCharsets.UTF_8))
                        .results()
                        .map(AnyLabelTest::label))
                .containsExactlyInAnyOrderElementsOf(LABELS);

        TestPrograms.requireSoundMetrics(metrics);
    }

    private static String label(MatchResult series) {
        return series.group(1).replace("\\\"", "\"").replace("\\\\", "\\");
    }

    /** Delivers a picture in a folder of each label that can name one, and waits until all of them are counted. */
    private static void putIntoFolders(Path incoming, ReverieClient client) throws Exception {
        List<String> names = LABELS.stream()
                .filter(label -> !label.contains("/") && !label.startsWith(".") && label.length() < 256)
                .toList();
        assertThat(names).hasSizeGreaterThan(15);
        for (String name : names) {
            Files.write(Files.createDirectory(incoming.resolve(name)).resolve("3.png"), picture(3));
        }
        for (String name : names) {
            while (client.classStatus(name).orElseThrow().seen() < 4) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    private static void sealAndForget(ReverieClient client) throws ReverieException {
        for (String label : LABELS) {
            assertThat(client.seal(label).orElseThrow().phase()).as(label).isEqualTo(ClassPhase.SEALED);
            assertThat(client.rename(label, Optional.of(label)).orElseThrow().name())
                    .contains(label);
        }
        for (String label : LABELS) {
            assertThat(client.forget(label)).as(label).isTrue();
        }
        assertThat(client.classes()).isEmpty();
    }
}
