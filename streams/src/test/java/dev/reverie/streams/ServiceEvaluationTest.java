package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.service.ServicePolicy;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import dev.reverie.streams.service.ServiceStatus.HeldOutAccuracy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The evaluation of the memory of a running service")
@Timeout(120)
class ServiceEvaluationTest extends ServiceFixture {

    private static final int FEWEST = 10;

    private final CompletableFuture<List<Image>> tested = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean endless;

    ServiceEvaluationTest() {
        evaluation = Optional.of(
                new EvaluationPolicy(Duration.ofSeconds(1), 0.25, FEWEST, 1000, 1 << 20, 1, this::getThreeOfFour));
    }

    private EvaluationReport getThreeOfFour(
            DistilledSet memory, List<LabelledImage> test, EvaluationProgress progress) {
        assertThat(memory.images().dtype()).isEqualTo(Dtype.UINT8);
        tested.complete(test.stream().map(LabelledImage::image).toList());
        try {
            do {
                progress.step();
            } while (endless);
        } finally {
            ended.complete(null);
        }
        List<Double> byLabel = Collections.nCopies(memory.classes().size(), 0.75);
        return new EvaluationReport(List.of(0.75), List.of(0.75), List.of(byLabel));
    }

    @Test
    @DisplayName("uses images of every class that were set aside, and is published")
    void usesTestImages() {
        CompletionStage<ServiceEvent> event = event(each -> each.kind() == Kind.EVALUATION);
        twoClassesLearn();

        List<Image> delivered = deliverUntilTested();

        assertThat(levels(tested.join())).hasSizeGreaterThanOrEqualTo(FEWEST).isSubsetOf(levels(delivered));
        assertThat((int) status("cat").seen())
                .isGreaterThanOrEqualTo(status("cat").reservoir() + FEWEST);
        assertThat(await(event).fields()).containsEntry("accuracy", 0.75).containsEntry("memory_classes", 2);
        Optional<HeldOutAccuracy> shown = Optional.empty();
        while (shown.isEmpty()) { // the event can be ahead of the status
            shown = await(service.status()).accuracy();
        }
        HeldOutAccuracy accuracy = shown.orElseThrow();
        assertThat(accuracy.accuracy()).isEqualTo(0.75);
        assertThat(accuracy.images()).isEqualTo(tested.join().size());
        assertThat(accuracy.tested()).isAfter(accuracy.taken());
    }

    @Test
    @DisplayName("sets images aside that count towards the number with which a class begins to learn")
    void testImagesCount() {
        int enough = 20;
        await(service.stop(GRACE));
        policy = new ServicePolicy(
                enough,
                POLICY.patience(),
                POLICY.improvement(),
                POLICY.drift(),
                POLICY.visitEvery(),
                POLICY.refresh(),
                POLICY.idle());
        service = started();

        deliver("cat", enough, 0);
        deliver("dog", enough, 1);
        awaitMatched("cat", "dog");

        assertThat(status("cat").seen()).isEqualTo(enough);
        assertThat(status("cat").reservoir()).isLessThan(enough);
    }

    private static List<ByteBuffer> levels(List<Image> images) {
        return images.stream().map(Image::levels).toList();
    }

    /** Returns all images that the service has received. */
    private List<Image> deliverUntilTested() {
        List<Image> delivered = new ArrayList<>(RunSettings.images(6, 0));
        delivered.addAll(RunSettings.images(6, 1));
        for (int round = 1; !tested.isDone(); round++) {
            for (String label : List.of("cat", "dog")) {
                List<Image> images = RunSettings.images(4, 31L * round + label.hashCode());
                delivered.addAll(images);
                assertThat(admit(label, images)).isEqualTo(new DeliveryOutcome.Accepted(4, 0));
            }
        }
        return delivered;
    }

    @Test
    @DisplayName("does not keep the service from stopping")
    void endsWithTheService() {
        endless = true;
        twoClassesLearn();
        deliverUntilTested();
        assertThat(ended).isNotDone();

        assertThat(await(service.stop(GRACE))).isTrue();

        await(ended);
        service = started();
    }
}
