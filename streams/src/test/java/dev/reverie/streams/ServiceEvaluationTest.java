package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.streams.service.HeldOutAccuracy;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The evaluation of the memory of a running service")
@Timeout(120)
class ServiceEvaluationTest extends ServiceFixture {

    private static final int FEWEST = 20;

    private final CompletableFuture<List<Image>> tested = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean endless;

    ServiceEvaluationTest() {
        evaluation = Optional.of(
                new EvaluationPolicy(Duration.ofSeconds(1), FEWEST, 1000, 1 << 20, 1, this::getThreeOfFour));
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
    @DisplayName("uses images that arrived later and are no duplicates, and is published")
    void prequential() {
        // given
        CompletionStage<ServiceEvent> event = event(each -> each.kind() == Kind.EVALUATION);
        twoClassesLearn();

        // when
        List<Image> fresh = deliverUntilTested();

        // then
        assertThat(tested.join()).hasSizeGreaterThanOrEqualTo(FEWEST).isSubsetOf(fresh);
        assertThat(await(event).fields())
                .containsEntry("accuracy", 0.75)
                .containsEntry("classes", 2)
                .containsEntry("left_out", 0L);
        HeldOutAccuracy accuracy = await(service.status()).accuracy().orElseThrow();
        assertThat(accuracy.accuracy()).isEqualTo(0.75);
        assertThat(accuracy.images()).isEqualTo(tested.join().size());
        assertThat(accuracy.tested()).isAfter(accuracy.taken());
    }

    /** The new images of deliveries without duplicates; deliveries with duplicates come between them. */
    private List<Image> deliverUntilTested() {
        List<Image> fresh = new ArrayList<>();
        Image old = RunSettings.images(1, 0).getFirst();
        for (int round = 1; !tested.isDone(); round++) {
            for (String label : List.of("cat", "dog")) {
                List<Image> images = RunSettings.images(4, 31L * round + label.hashCode());
                fresh.addAll(images);
                assertThat(admit(label, images)).isEqualTo(new DeliveryOutcome.Accepted(4, 0));
            }
            List<Image> mixed = Stream.concat(RunSettings.images(1, -round).stream(), Stream.of(old))
                    .toList();
            assertThat(admit("cat", mixed)).isEqualTo(new DeliveryOutcome.Accepted(1, 1));
        }
        return fresh;
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
