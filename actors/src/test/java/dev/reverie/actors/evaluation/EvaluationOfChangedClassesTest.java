package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.PostStop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The evaluation of a memory whose classes change")
class EvaluationOfChangedClassesTest extends AbstractEvaluationTest {

    @Test
    @DisplayName("starts a window after a class was forgotten or sealed, even if it was due before")
    void classesGo() {
        for (ClassNotification notification :
                List.of(new ClassNotification.ClassForgotten(1), phaseChanged(ClassPhase.SEALED))) {
            advance(INTERVAL);
            deliver(notification);
            pass(WINDOW.minusMillis(1));
            assertThat(events).isEmpty();
            int before = taken;
            pass(Duration.ofMillis(1));
            assertThat(taken).isEqualTo(before + 1);
            evaluated();
        }
    }

    @Test
    @DisplayName("copies no memory just after a class was removed, since the copy may be older")
    void waitsAfterRemoval() {
        pass(WINDOW.minusMillis(1));
        deliver(new ClassNotification.ClassForgotten(1));
        pass(WINDOW.minusMillis(1));
        assertThat(taken).isZero();

        pass(Duration.ofMillis(1));

        assertThat(taken).isEqualTo(1);
    }

    @Test
    @DisplayName("ignores new classes and classes that have converged")
    void otherNotifications() {
        advance(WINDOW.minus(MOMENT));
        deliver(new ClassNotification.ClassAdded(new OpenClass(
                ClassInfos.of(2, "bird", ClassPhase.COLLECTING, 1),
                false,
                TestInbox.<ClassMessage>create().getRef())));
        deliver(phaseChanged(ClassPhase.CONVERGED));
        pass(MOMENT);

        evaluated();
    }

    private static ClassNotification phaseChanged(ClassPhase phase) {
        return phaseChanged(0, phase);
    }

    private static ClassNotification phaseChanged(int classIndex, ClassPhase phase) {
        return new ClassNotification.PhaseChanged(ClassInfos.of(classIndex, "cat", phase, 9));
    }

    @AfterEach
    void endTrainings() {
        trainer.end();
    }

    @Test
    @DisplayName("stops a training when a class is removed, and ignores its result")
    void stopsTheTraining() {
        CompletableFuture<Void> training = unendingTraining();

        deliver(new ClassNotification.ClassForgotten(1));

        assertThat(training).succeedsWithin(TIMEOUT);
        runAll();
        assertThat(events).isEmpty();
        pass(WINDOW);
        assertThat(taken).isEqualTo(2);
    }

    @Test
    @DisplayName("begins again when a class joins, and then completes although another one does")
    void classesJoin() {
        CompletableFuture<Void> overtaken = unendingTraining();

        deliver(phaseChanged(2, ClassPhase.DISTILLING));

        assertThat(overtaken).succeedsWithin(TIMEOUT);
        runAll();
        assertThat(events).isEmpty();
        memory = of("cat", "dog", "bird");
        CompletableFuture<Void> completed = unendingTraining();
        deliver(phaseChanged(3, ClassPhase.DISTILLING));
        trainer.end();
        assertThat(completed).succeedsWithin(TIMEOUT);
        runAll();
        assertThat(evaluated().memoryClasses()).isEqualTo(3);
        threads = Runnable::run;
        memory = of("cat", "dog", "bird", "fish");
        pass(WINDOW);
        assertThat(evaluated().memoryClasses()).isEqualTo(4);
    }

    @Test
    @DisplayName("goes on when a class of the memory is learned again")
    void drift() {
        CompletableFuture<Void> training = unendingTraining();

        deliver(phaseChanged(1, ClassPhase.DISTILLING));
        trainer.end();

        assertThat(training).succeedsWithin(TIMEOUT);
        runAll();
        evaluated();
    }

    @Test
    @DisplayName("stops its training when it stops")
    void stops() {
        CompletableFuture<Void> training = unendingTraining();

        evaluation.signal(PostStop.instance());

        assertThat(training).succeedsWithin(TIMEOUT);
        assertThat(events).isEmpty();
    }

    /** Starts a training that does not end by itself; completes when its thread ends. */
    private CompletableFuture<Void> unendingTraining() {
        CompletableFuture<Void> training = new CompletableFuture<>();
        threads = work -> Thread.startVirtualThread(() -> {
            work.run();
            training.complete(null);
        });
        trainer.neverEnd();
        pass(WINDOW);
        assertThat(trainer.nextInput().test()).hasSize(MAX_IMAGES);
        return training;
    }
}
