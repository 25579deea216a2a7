package dev.reverie.deploy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.DeliveryOutcome.RefusedSample;
import dev.reverie.actors.intake.Sample;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.replay.ReplayReport.Ending;
import dev.reverie.gpu.dataset.ImageShape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A replay of pictures as they are")
class PictureReplayTest extends AbstractReplayTest {

    @Test
    @DisplayName("sends each picture once, with its size and class and without an id")
    void sendsEverything() throws IOException {
        BufferedImage wide = new BufferedImage(20, 9, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(wide, "jpg", picture(0).toFile()); // although its name says PNG

        ReplayReport report = replay();

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(ALL, ALL, 0, 0, 0));
        assertThat(service.arrived()).hasSize(ALL).extracting(Sample::id).containsOnly(Optional.empty());
        assertThat(service.arrived())
                .filteredOn(sample -> sample.label().equals("upper"))
                .hasSize(TinyImageFolder.UPPER);
        assertThat(service.arrived())
                .extracting(sample -> sample.image().shape())
                .containsOnlyOnce(new ImageShape(3, 9, 20));
    }

    @Test
    @DisplayName("goes on after a picture that is truncated, no picture or missing, and names it")
    void refused() throws IOException {
        Files.writeString(picture(1), "no picture");
        Files.delete(picture(2));
        Files.write(picture(3), Arrays.copyOf(Files.readAllBytes(picture(3)), 50));

        ReplayReport report = replay();

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(ALL, ALL - 3, 0, 3, 0));
        assertThat(report.refusals())
                .hasSize(3)
                .anyMatch(line ->
                        line.startsWith(picture(1) + ": the service refused: the body is no picture in a known format"))
                .anyMatch(line -> line.contains(picture(2).toString()))
                .anyMatch(line -> line.startsWith(picture(3) + ": the service refused: the body is "));
    }

    @Test
    @DisplayName("ends at such a picture if it is strict")
    void strict() throws IOException {
        Files.writeString(picture(1), "no picture");

        ReplayReport report = replay(
                plan(new ReplaySource.Pictures(pictures.files(), true), ClassOrder.SHUFFLED, Optional.empty()),
                ProgressView.none());

        assertThat(report.failure().orElseThrow())
                .hasMessageStartingWith(picture(1) + ": the service refused: the body");
        assertThat(report.totals().refused()).isEqualTo(1);
    }

    @Test
    @DisplayName("says how many pictures a sealed class refuses beside those that others store")
    void sealed() {
        RefusedSample sealed = new RefusedSample(4, "upper", Optional.empty(), SampleVerdict.SEALED);
        service.answerNext(new DeliveryOutcome.Accepted(BATCH - 2, 0, List.of(sealed, sealed)));

        ReplayReport report = replay();

        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(ALL, ALL - 2, 0, 2, 0));
        assertThat(report.refusals())
                .singleElement(STRING)
                .startsWith("2 pictures: the service refused: the class 'upper' is sealed");
    }

    @Test
    @DisplayName("ends if the service fails, whatever the picture")
    void failed() {
        service.answerNext(deferred(DeliveryOutcome.Cause.STORE_DAMAGED, 1));

        ReplayReport report = replay();

        assertThat(report.failure().orElseThrow()).isInstanceOf(ReverieException.Refused.class);
        assertThat(report.totals()).isEqualTo(new ReplayReport.Totals(BATCH, 0, 0, 0, 0));
    }

    @Test
    @DisplayName("sends pictures again that a busy service defers, and stops while it waits")
    void busy() {
        service.answerNext(deferred(DeliveryOutcome.Cause.OVERLOADED, 3));
        service.answerNext(deferred(DeliveryOutcome.Cause.STORAGE_FULL, 5));

        assertThat(replay().totals()).isEqualTo(new ReplayReport.Totals(ALL, ALL, 0, 0, 2 * BATCH));
        assertThat(cancellation.pauses()).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(5));

        service.answerNext(deferred(DeliveryOutcome.Cause.OVERLOADED, 3));
        cancellation.meanwhile(cancellation::end);
        assertThat(replay().ending()).isEqualTo(Ending.INTERRUPTED);
    }

    private Path picture(int place) {
        return pictures.files().train().get(place).path();
    }

    private ReplayReport replay() {
        return replay(plan(pictures, ClassOrder.SHUFFLED, Optional.empty()), ProgressView.none());
    }
}
