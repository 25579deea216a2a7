package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Image;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Classes that are merged into others")
class MergedClassesTest extends ServiceFixture {

    @Test
    @DisplayName("give their images to another class with their ids, once each, and stay as they are until it has them")
    void mergedClassesCountOnce() {
        List<Image> pups = RunSettings.images(6, 3);
        List<Sample> puppies = IntStream.range(0, 6)
                .mapToObj(i -> new Sample("puppy", Optional.of("puppy/" + i), pups.get(i)))
                .toList();
        await(service.admit(new Delivery(IngestSource.HTTP, puppies)));
        deliver("puppy", 2, 0);
        deliver("dog", 6, 1);
        Sample known = new Sample("dog", Optional.of("puppy/0"), pups.get(0)); // a merge that has ended early
        Sample other = new Sample("dog", Optional.of("puppy/1"), pups.get(2)); // another image with this id
        await(service.admit(new Delivery(IngestSource.HTTP, List.of(known, other))));

        assertThat(await(service.moveImages("puppy", "dog"))).contains(new DeliveryOutcome.Accepted(7, 1));
        assertThat(status("puppy").phase()).isEqualTo(ClassPhase.SEALED);
        await(service.forget("puppy"));
        await(service.stop(GRACE));
        service = started();

        assertThat(status("dog").seen()).isEqualTo(15);
        assertThat(admit("dog", 2, 0)).isEqualTo(new DeliveryOutcome.Accepted(0, 2));
        List<Sample> again = IntStream.range(2, 6)
                .mapToObj(i -> new Sample("dog", Optional.of("puppy/" + i), pups.get(i)))
                .toList();
        assertThat(await(service.admit(new Delivery(IngestSource.HTTP, again))))
                .isEqualTo(new DeliveryOutcome.Accepted(0, 4));
        assertThat(await(service.moveImages("puppy", "dog"))).isEmpty();
    }

    @Test
    @DisplayName("lose no accepted image while they give theirs to another class")
    void mergedClassesLoseNothing() {
        deliver("puppy", 6, 0);
        deliver("dog", 6, 1);

        CompletionStage<Optional<DeliveryOutcome>> moved = service.moveImages("puppy", "dog");
        long late = IntStream.range(0, 20)
                .filter(i -> admit("puppy", 1, 10 + i).equals(new DeliveryOutcome.Accepted(1, 0)))
                .count();

        assertThat(await(moved)).contains(new DeliveryOutcome.Accepted(6 + (int) late, 0));
        assertThat(status("dog").seen()).isEqualTo(12 + late);
    }
}
