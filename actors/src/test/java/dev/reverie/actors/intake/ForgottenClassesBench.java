package dev.reverie.actors.intake;

import dev.reverie.actors.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Measures by turns how long the intake takes to read a store to which many classes were added and forgotten, and the
 * same store without them: {@code java -cp <test class path> dev.reverie.actors.intake.ForgottenClassesBench FOLDER
 * FORGOTTEN-CLASSES}. Not a test.
 */
final class ForgottenClassesBench {

    private static final int LIVING = 10;
    private static final int SAMPLES_PER_CLASS = 1_000;
    private static final int CLASSES_AT_ONCE = 500;
    private static final int STARTS = 15;

    private ForgottenClassesBench() {}

    public static void main(String[] args) throws Exception {
        Path without = Path.of(args[0], "without");
        Path with = Path.of(args[0], "with");
        int total = Integer.parseInt(args[1]);
        for (Path folder : List.of(without, with)) {
            try (RunningIntake intake = start(folder)) {
                for (int i = 0; i < LIVING; i++) {
                    intake.deliver(RunningIntake.samples("living " + i, SAMPLES_PER_CLASS, i));
                }
            }
        }
        try (RunningIntake intake = start(with)) {
            long start = System.nanoTime();
            for (int from = 0; from < total; from += CLASSES_AT_ONCE) {
                addAndForget(intake, from, Math.min(total, from + CLASSES_AT_ONCE));
            }
            System.out.printf("added and forgot %d classes in %.0f s%n", total, seconds(start));
        }
        List<Double> timesWithout = new ArrayList<>();
        List<Double> timesWith = new ArrayList<>();
        measureStart(without);
        for (int i = 0; i < STARTS; i++) {
            timesWith.add(measureStart(with));
            timesWithout.add(measureStart(without));
        }
        report("without forgotten classes", timesWithout, without);
        report("with " + total + " forgotten classes", timesWith, with);
    }

    private static RunningIntake start(Path folder) {
        return RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT);
    }

    private static double measureStart(Path folder) {
        long start = System.nanoTime();
        try (RunningIntake intake = start(folder)) {
            double seconds = seconds(start);
            intake.overview();
            return seconds;
        }
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

    private static void report(String what, List<Double> times, Path folder) throws IOException {
        List<Double> sorted = times.stream().sorted().toList();
        System.out.printf(
                "%s: start in %.3f s in the median, %.3f s at best; file of %.1f MB%n",
                what,
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                Files.size(folder.resolve("reverie.mv.db")) / 1e6);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
