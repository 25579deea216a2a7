package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.service.ClassStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The classes of a running service")
class ServiceClassesTest extends ServiceFixture {

    @Test
    @DisplayName("begins to distil as soon as two classes have enough images, and another joins while it runs")
    void classesJoin() {
        // given
        twoClassesLearn();

        // when
        deliver("bird", 6, 2);
        awaitMatched("bird");

        // then
        assertThat(await(service.classes()))
                .extracting(ClassStatus::label, ClassStatus::index, ClassStatus::phase)
                .containsExactly(
                        tuple("cat", 0, ClassPhase.DISTILLING),
                        tuple("dog", 1, ClassPhase.DISTILLING),
                        tuple("bird", 2, ClassPhase.DISTILLING));
        assertThat(await(service.memory()).orElseThrow().set().parameters().count())
                .isEqualTo(3 * IPC);
    }

    @Test
    @DisplayName("learns a class with a full reservoir, where that has less room than images are waited for")
    void learnsFromSmallReservoirs() {
        // given
        await(service.stop(GRACE));
        limits = new IntakeLimits(10, 3, 1 << 20, 1 << 20, 100, 1000, 1 << 20);
        service = started();

        // when
        twoClassesLearn();

        // then
        assertThat(status("cat").reservoir()).isEqualTo(3).isLessThan(POLICY.minImages());
    }

    @Test
    @DisplayName("keeps the images of a sealed class as they are, drops its real ones, and goes on with the others")
    void sealedClassesStay() {
        // given
        twoClassesLearn();

        // when
        ClassStatus sealed = await(service.seal("cat")).orElseThrow();
        long loopsThen = status("dog").innerLoops();
        awaitLoops(3);

        // then
        assertThat(sealed.phase()).isEqualTo(ClassPhase.SEALED);
        assertThat(sealed.reservoir()).isZero();
        assertThat(status("cat").innerLoops()).isEqualTo(sealed.innerLoops());
        assertThat(status("dog").innerLoops()).isGreaterThan(loopsThen);
        assertThat(admit("cat", 1, 9)).isInstanceOf(DeliveryOutcome.Refused.class);
    }

    @Test
    @DisplayName("goes on without a class that is forgotten in the middle of a loop, and never gives its index away")
    void forgottenClassesGo() {
        // given
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        deliver("bird", 6, 2);
        awaitMatched("cat", "dog", "bird");

        // when
        boolean existed = await(service.forget("dog"));
        Optional<ClassStatus> gone = await(service.classNamed("dog"));
        awaitLoops(4);
        deliver("dog", 6, 3);

        // then
        assertThat(existed).isTrue();
        assertThat(gone).isEmpty();
        assertThat(await(service.classNamed("dog"))).map(ClassStatus::index).contains(3);
        assertThat(await(service.classes())).extracting(ClassStatus::index).containsExactly(0, 2, 3);
        assertThat(await(service.memory()).orElseThrow().set().classNames()).containsExactly("cat", "", "bird", "dog");
    }

    @Test
    @DisplayName("has a network of the classes there are, however many have come and gone")
    void networkStaysSmall() {
        // given
        twoClassesLearn();

        // when
        for (int guest = 0; guest < 8; guest++) {
            deliver("guest " + guest, 6, 2 + guest);
            awaitMatched("guest " + guest);
            await(service.forget("guest " + guest));
        }
        deliver("bird", 6, 2);
        awaitLoops(7);

        // then
        assertThat(status("bird").index()).isEqualTo(10);
        assertThat(workshop.journal().stream()
                        .filter(job -> job.startsWith("train"))
                        .toList())
                .last()
                .asString()
                .contains("/3 ");
    }

    @Test
    @DisplayName("learns images of another shape when every class was forgotten, with a new network for them")
    void learnsAnotherShape() {
        // given
        twoClassesLearn();
        await(service.forget("cat"));
        await(service.forget("dog"));

        // when
        for (String label : List.of("red", "blue")) {
            assertThat(admit(label, RunSettings.images(new ImageShape(3, 6, 6), 6, label.hashCode())))
                    .isEqualTo(new DeliveryOutcome.Accepted(6, 0));
        }
        awaitMatched("red", "blue");

        // then
        assertThat(workshop.opened()).isEqualTo(2);
        assertThat(await(service.memory()).orElseThrow().set().normalisation().mean())
                .hasSize(3);
    }
}
