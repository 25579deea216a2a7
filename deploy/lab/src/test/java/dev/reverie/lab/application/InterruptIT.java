package dev.reverie.lab.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.it.ReverieProcess;
import dev.reverie.deploy.it.ReverieProcess.Ended;
import dev.reverie.deploy.it.SmallDistillation;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each command computes for hours unless it is interrupted, so the test shows that it does not wait for its end. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@DisplayName("Ctrl-C ends a long computation with exit code 130 and no stack trace:")
class InterruptIT {

    private static final String FOREVER = "1000000";

    @TempDir
    private static Path folder = Path.of("");

    private static String dataset = "";

    /** A command, and the beginning of the line that it prints when it has begun to compute. */
    private record Computation(String begun, List<String> arguments) {

        @Override
        public String toString() {
            return String.join(" ", arguments.subList(0, 2)) + ", " + begun;
        }
    }

    @BeforeAll
    static void distil() throws Exception {
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        Ended ended = ReverieProcess.run(
                folder,
                List.of("distill", "--dataset", dataset, "--method", "random", "--ipc", "2", "--out", out("set")));
        assertThat(ended.exitCode()).as(ended.err()).isZero();
    }

    static Stream<Computation> computations() {
        String set = folder.resolve("set/synthetic.npz").toString();
        return Stream.of(
                of("Evaluating", "evaluate " + set + " --dataset " + dataset + " --epochs " + FOREVER),
                of("Timing", "bench train --width 8 --shape 1,8,8 --repeats 100000"),
                of("Timing", "bench loop --width 8 --shape 1,8,8 --images 40 --real 8 --repeats 100000"),
                of("Measuring", "bench ingest --shape 1,8,8 --seconds 3600"),
                of(
                        "Selecting",
                        "continual --dataset " + dataset + " --methods herding --steps 2 --ipc 2 --out "
                                + out("continual")));
    }

    @ParameterizedTest
    @MethodSource("computations")
    void interrupted(Computation computation) throws Exception {
        interrupt(computation);
    }

    @Test
    @DisplayName("distill says that there is nothing to save while it chooses its first images")
    void interruptedChoice() throws Exception {
        Ended ended = interrupt(of(
                "Distilling",
                "distill --dataset " + dataset + " --method forgetting --ipc 2 --width 256 --out "
                        + out("forgetting")));

        assertThat(ended.err()).contains("so there is nothing to save.");
    }

    @Test
    @DisplayName("distill leaves the checkpoint as it is before a resumed run has continued")
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void interruptedResumption() throws Exception {
        Path run = folder.resolve("resumed");
        SmallDistillation distillation = new SmallDistillation(dataset, run);
        Ended first = ReverieProcess.run(folder, distillation.arguments(1));
        assertThat(first.exitCode()).as(first.err()).isZero();
        byte[] checkpoint = Files.readAllBytes(run.resolve("checkpoint.bin"));
        Path history = run.resolve("history.csv");
        Files.delete(history);
        assertThat(new ProcessBuilder("mkfifo", history.toString()).start().waitFor())
                .isZero();

        Ended ended;
        try (ReverieProcess process =
                        ReverieProcess.start(folder, distillation.arguments(Integer.parseInt(FOREVER), "--resume"));
                OutputStream _ = Files.newOutputStream(history)) { // opens when the run begins to read its history
            process.signal("INT");
            ended = process.await();
        }

        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(130);
        assertThat(ended.err()).contains("so its checkpoint is unchanged.");
        assertThat(run.resolve("checkpoint.bin")).hasBinaryContent(checkpoint);
    }

    @Test
    @DisplayName("evaluate prints the accuracy without the scores that it was computing")
    void interruptedScores() throws Exception {
        String set = folder.resolve("set/synthetic.npz").toString();
        Computation scores =
                of("Ranking", "evaluate " + set + " --dataset " + dataset + " --epochs 1 --scores --real-epochs 10000");
        Ended ended = interrupt(scores);

        assertThat(ended.out()).contains("accuracy").doesNotContain("LRS");
        assertThat(ended.err()).contains("Stopping without the scores");
    }

    private static Ended interrupt(Computation computation) throws Exception {
        try (ReverieProcess process = ReverieProcess.start(folder, computation.arguments())) {
            process.awaitLine(Pattern.compile("(?m)^(" + computation.begun() + ").*$"));
            process.signal("INT");
            Ended ended = process.await();
            assertThat(ended.exitCode()).as(ended.err()).isEqualTo(130);
            assertThat(ended.err()).doesNotContain("Exception", "\tat ");
            return ended;
        }
    }

    private static Computation of(String begun, String arguments) {
        return new Computation(begun, List.of(arguments.split(" ")));
    }

    private static String out(String name) {
        return folder.resolve(name).toString();
    }
}
