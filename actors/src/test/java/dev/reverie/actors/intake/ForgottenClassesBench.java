package dev.reverie.actors.intake;

import dev.reverie.actors.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Measures how long the intake takes to read a store before and after many classes were added and forgotten:
 * {@code java -cp <test class path> dev.reverie.actors.intake.ForgottenClassesBench STORE-FOLDER FORGOTTEN-CLASSES}.
 * Not a test.
 */
final class ForgottenClassesBench {

    private static final int LIVING = 10;
    private static final int SAMPLES_PER_CLASS = 1_000;
    private static final int CLASSES_AT_ONCE = 500;
    private static final int STARTS = 5;

    private ForgottenClassesBench() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        int total = Integer.parseInt(args[1]);
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            for (int i = 0; i < LIVING; i++) {
                intake.deliver(RunningIntake.samples("living " + i, SAMPLES_PER_CLASS, i));
            }
        }
        report("without forgotten classes", folder);
        try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
            long start = System.nanoTime();
            for (int from = 0; from < total; from += CLASSES_AT_ONCE) {
                addAndForget(intake, from, Math.min(total, from + CLASSES_AT_ONCE));
            }
            System.out.printf("added and forgot %d classes in %.0f s%n", total, seconds(start));
        }
        report("with " + total + " forgotten classes", folder);
    }

    private static void addAndForget(RunningIntake intake, int from, int to) {
        List<Sample> samples = new ArrayList<>();
        for (int i = from; i < to; i++) {
            samples.addAll(RunningIntake.samples("forgotten " + i, 1, i));
        }
        intake.deliver(samples);
        List<CompletionStage<IntakeActor.Forgotten>> replies = new ArrayList<>();
        for (int i = from; i < to; i++) {
            String name = "forgotten " + i;
            replies.add(intake.askAsync(replyTo -> new IntakeActor.Forget(name, replyTo)));
        }
        replies.forEach(RunningIntake::join);
    }

    private static void report(String what, Path folder) throws Exception {
        double fastest = Double.MAX_VALUE;
        double sum = 0;
        for (int i = 0; i < STARTS; i++) {
            long start = System.nanoTime();
            try (RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT)) {
                double seconds = seconds(start);
                fastest = Math.min(fastest, seconds);
                sum += seconds;
                intake.overview();
            }
        }
        System.out.printf(
                "%s: start in %.2f s on average, %.2f s at best; file of %.1f MB%n",
                what, sum / STARTS, fastest, Files.size(folder.resolve("reverie.mv.db")) / 1e6);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
