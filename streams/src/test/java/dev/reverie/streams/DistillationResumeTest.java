package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.checkpoint.CheckpointException;
import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An interrupted distillation")
class DistillationResumeTest {

    private final Dataset dataset = RunSettings.dataset(6, 9);

    private final Path folder;

    DistillationResumeTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest(name = "{0}, stopped in inner loop {1}")
    @CsvSource({"DREAM, 1", "DREAM, 2", "DREAM, 3", "DREAM, 4", "DREAM, 5", "IDC, 1", "IDC, 4"})
    @DisplayName("that is resumed runs the same jobs and ends with the same bits as one without interruption")
    void resumesExactly(Method method, int stoppedIn) throws IOException {
        RunFixture whole = new RunFixture();
        RunFixture before = new RunFixture();
        RunFixture after = new RunFixture();
        Path uninterrupted = folder.resolve("uninterrupted");
        Path interrupted = folder.resolve("interrupted");

        DistillationResult expected =
                RunSettings.run(request(RunSettings.settings(method), uninterrupted, false), whole, new ArrayList<>());
        stopAt(stoppedIn, before, request(RunSettings.settings(method), interrupted, false));
        DistillationResult actual =
                RunSettings.run(request(RunSettings.settings(method), interrupted, true), after, new ArrayList<>());

        List<String> jobs = new ArrayList<>(before.journal());
        after.journal().stream().filter(job -> !job.startsWith("restore")).forEach(jobs::add);
        assertThat(jobs).isEqualTo(whole.journal());
        assertThat(actual.set().parameters().toArray())
                .containsExactly(expected.set().parameters().toArray());
        assertThat(Files.readAllBytes(interrupted)).isEqualTo(Files.readAllBytes(uninterrupted));
    }

    @Test
    @DisplayName("reports where it resumes, and initialises no class again")
    void reportsWhereItResumes() {
        Path checkpoint = folder.resolve("checkpoint");
        stopAt(4, new RunFixture(), request(RunSettings.settings(Method.DREAM), checkpoint, false));
        List<TelemetryEvent> events = new CopyOnWriteArrayList<>();
        RunFixture fixture = new RunFixture();

        RunSettings.run(request(RunSettings.settings(Method.DREAM), checkpoint, true), fixture, events);

        assertThat(events.getFirst()).isInstanceOfSatisfying(TelemetryEvent.RunStarted.class, started -> {
            assertThat(started.outer()).isOne();
            assertThat(started.inner()).isOne();
        });
        assertThat(events).noneMatch(TelemetryEvent.ClassInitialised.class::isInstance);
        assertThat(fixture.journal().getFirst()).isEqualTo("restore network 1/2");
    }

    @Test
    @DisplayName("may resume with more outer iterations")
    void mayResumeWithMoreIterations() {
        Path checkpoint = folder.resolve("checkpoint");
        DistillationSettings settings = RunSettings.settings(Method.DREAM);
        DistillationSettings longer = settings.withSchedule(settings.schedule().withOuterIterations(3));
        RunSettings.run(request(settings, checkpoint, false), new RunFixture(), new ArrayList<>());

        DistillationResult result =
                RunSettings.run(request(longer, checkpoint, true), new RunFixture(), new ArrayList<>());

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.next().outer()).isEqualTo(3);
    }

    @Test
    @DisplayName("does not resume with other settings, and the message names the first difference")
    void refusesOtherSettings() {
        Path checkpoint = folder.resolve("checkpoint");
        RunSettings.run(
                request(RunSettings.settings(Method.DREAM), checkpoint, false), new RunFixture(), new ArrayList<>());

        assertThatThrownBy(() -> start(request(RunSettings.settings(Method.IDC), checkpoint, true), new RunFixture()))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("the checkpoint " + checkpoint + " is of another run (method: dream there, idc here); "
                        + "use the same data and options, including --time-limit, or start a new run in another"
                        + " folder with --out");
    }

    @Test
    @DisplayName("fails at the start if its checkpoint cannot be saved")
    void failsWithoutAWritableCheckpoint() {
        RunFixture fixture = new RunFixture();
        DistillationRequest request = request(
                RunSettings.settings(Method.DREAM), folder.resolve("missing").resolve("checkpoint"), false);

        Throwable failure = RunSettings.failureOf(start(request, fixture).result());

        assertThat(failure)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the checkpoint could not be saved");
        assertThat(fixture.journal()).noneMatch(job -> job.startsWith("match"));
    }

    private DistillationRequest request(DistillationSettings settings, Path checkpoint, boolean resume) {
        return DistillationRequest.of(dataset, settings)
                .withCheckpoint(Optional.of(checkpoint))
                .withResume(resume);
    }

    private static Distillation start(DistillationRequest request, RunFixture fixture) {
        return Distillation.start(request, fixture, List.of(), InstantSource.system());
    }

    private static void stopAt(int training, RunFixture fixture, DistillationRequest request) {
        CompletableFuture<Distillation> running = new CompletableFuture<>();
        fixture.doingAt("train", training, () -> running.join().stop());
        assertThat(run(fixture, request, running).ending()).isEqualTo(Ending.INTERRUPTED);
    }

    private static DistillationResult run(
            RunFixture fixture, DistillationRequest request, CompletableFuture<Distillation> running) {
        Distillation distillation = start(request, fixture);
        running.complete(distillation);
        return RunSettings.await(distillation.result());
    }
}
