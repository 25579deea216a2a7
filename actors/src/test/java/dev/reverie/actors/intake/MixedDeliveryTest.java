package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Asks;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.store.FullStore;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A delivery of several classes")
class MixedDeliveryTest extends AbstractIntakeTest {

    private static final List<String> CLASSES = List.of("ant", "bee", "cat", "dog");

    /** Samples of each class in a delivery. */
    private static final int SIZE = 3;

    @Test
    @DisplayName("is deferred if the samples of one class cannot be written; the others are then duplicates")
    void storesTheOthers() throws Exception {
        intake.deliver(mixed(CLASSES, 0));

        DeliveryOutcome outcome;
        try (FullStore _ = FullStore.forWritesOf("class|3", intake.store())) {
            outcome = intake.deliver(mixed(CLASSES, 1));
        }
        restart();

        assertThat(outcome).isEqualTo(DeliveryOutcome.Deferred.of(StoreFailure.FULL));
        assertThat(intake.deliver(mixed(CLASSES, 1))).isEqualTo(new DeliveryOutcome.Accepted(SIZE, 3 * SIZE));
    }

    @Test
    @DisplayName("is stored when it is repeated after a class could not be written, and so are deliveries of one class")
    void recovers() throws Exception {
        intake.deliver(mixed(CLASSES, 0));
        try (FullStore _ = FullStore.forWritesOf("class|1", intake.store())) {
            join(sendAll(8, number -> mixed(CLASSES, 1 + number)));
        }

        for (int number = 1; number <= 8; number++) {
            assertThat(intake.deliverWithRetries(mixed(CLASSES, number))).isInstanceOf(DeliveryOutcome.Accepted.class);
            assertThat(intake.deliverWithRetries(mixed(CLASSES, number)))
                    .isEqualTo(new DeliveryOutcome.Accepted(0, 4 * SIZE));
        }
        for (String name : CLASSES) {
            assertThat(intake.deliverWithRetries(samples(name, SIZE, 99)))
                    .isEqualTo(new DeliveryOutcome.Accepted(SIZE, 0));
        }
    }

    @Test
    @DisplayName("defers no delivery of other classes if the samples of one class cannot be written")
    void leavesOthers() throws Exception {
        intake.deliver(mixed(CLASSES, 0));

        DeliveryOutcome outcome;
        DeliveryOutcome other;
        try (FullStore _ = FullStore.brokenForWritesOf("class|1", intake.store())) {
            outcome = intake.deliver(mixed(CLASSES.subList(0, 3), 1));
            other = intake.deliver(samples("dog", SIZE, 1));
        }

        assertThat(outcome).isEqualTo(DeliveryOutcome.Deferred.of(StoreFailure.UNAVAILABLE));
        assertThat(other).isEqualTo(new DeliveryOutcome.Accepted(SIZE, 0));
    }

    @Test
    @DisplayName("is stored while its classes write other events, in any order of the classes")
    void waitsInNoCircle() {
        SplittableRandom random = new SplittableRandom(7);
        intake.deliver(mixed(CLASSES, 0));
        int count = 200;

        CompletionStage<List<DeliveryOutcome>> outcomes = sendAll(count, number -> {
            String name = CLASSES.get(random.nextInt(CLASSES.size()));
            ClassPhase phase = random.nextBoolean() ? ClassPhase.DISTILLING : ClassPhase.CONVERGED;
            intake.<Done>askClassAsync(name, replyTo -> new ClassCommand.EnterPhase(phase, replyTo));
            return mixed(shuffled(random), 1 + number);
        });

        assertThat(join(outcomes)).hasSize(count).allSatisfy(outcome -> assertThat(outcome)
                .isInstanceOf(DeliveryOutcome.Accepted.class));
    }

    @Test
    @DisplayName("counts each sample once when one of its classes is forgotten meanwhile and the sender repeats it")
    void isForgottenInPart() {
        List<String> names = List.of("cat", "dog");
        intake.deliver(mixed(names, 0));
        for (int round = 0; round < 20; round++) {
            int first = 1 + 10 * round;

            CompletionStage<List<DeliveryOutcome>> outcomes = sendAll(10, number -> mixed(names, first + number));
            intake.<IntakeActor.Forgotten>ask(replyTo -> new IntakeActor.Forget("dog", replyTo));
            join(outcomes);
            for (int number = first; number < first + 10; number++) {
                intake.deliverWithRetries(mixed(names, number));
            }

            assertThat(intake.info("cat").seen()).isEqualTo((long) SIZE * (first + 10));
        }
    }

    @Test
    @DisplayName("is stored before a class is sealed; of later ones, only the samples of other classes are stored")
    void isSealedInPart() {
        List<String> names = List.of("cat", "dog");
        intake.deliver(mixed(names, 0));

        CompletionStage<List<DeliveryOutcome>> before = sendAll(10, number -> mixed(names, 1 + number));
        CompletionStage<IntakeActor.Sealed> sealed =
                intake.askAsync(replyTo -> new IntakeActor.Seal("dog", SealChange.NOW, replyTo));
        CompletionStage<List<DeliveryOutcome>> after = sendAll(10, number -> mixed(names, 11 + number));

        assertThat(join(before)).containsOnly(new DeliveryOutcome.Accepted(2 * SIZE, 0));
        assertThat(join(sealed).info()).isPresent();
        assertThat(join(after)).hasSize(10).allSatisfy(outcome -> assertThat(outcome)
                .isInstanceOfSatisfying(DeliveryOutcome.Accepted.class, accepted -> {
                    assertThat(accepted.accepted()).isEqualTo(SIZE);
                    assertThat(accepted.refused()).hasSize(SIZE);
                }));
        assertThat(intake.info("cat").seen()).isEqualTo(21L * SIZE);
        assertThat(intake.info("dog").seen()).isEqualTo(11L * SIZE);
    }

    private CompletionStage<List<DeliveryOutcome>> sendAll(int count, IntFunction<List<Sample>> delivery) {
        return Asks.all(IntStream.range(0, count)
                .mapToObj(number -> intake.deliverAsync(delivery.apply(number)))
                .toList());
    }

    /** Two to four classes in any order. */
    private static List<String> shuffled(SplittableRandom random) {
        List<String> names = new ArrayList<>(CLASSES);
        for (int i = names.size() - 1; i > 0; i--) {
            names.add(names.remove(random.nextInt(i + 1)));
        }
        return names.subList(0, random.nextInt(2, CLASSES.size() + 1));
    }

    /** New samples of each class; equal numbers give equal samples. */
    private static List<Sample> mixed(List<String> classes, int number) {
        return classes.stream()
                .flatMap(name -> samples(name, SIZE, number).stream())
                .toList();
    }
}
