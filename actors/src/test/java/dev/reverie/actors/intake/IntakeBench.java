package dev.reverie.actors.intake;

import dev.reverie.actors.store.Store;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;

/**
 * Measures how fast the intake stores 28x28 images durably, in deliveries of 256 over ten classes: {@code java -cp
 * <test class path> dev.reverie.actors.intake.IntakeBench STORE-FOLDER IMAGES}. Not a test.
 */
final class IntakeBench {

    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);
    private static final int BATCH = 256;
    private static final int MAX_PENDING = 8;

    private IntakeBench() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        int total = Integer.parseInt(args[1]);
        SplittableRandom random = new SplittableRandom(1);
        RunningIntake intake = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT);
        long start = System.nanoTime();
        int reported = 0;
        Deque<CompletionStage<DeliveryOutcome>> answers = new ArrayDeque<>();
        for (int sent = 0; sent < total; sent += BATCH) {
            answers.add(intake.deliverAsync(batch(random, sent)));
            if (answers.size() >= MAX_PENDING) {
                check(answers.remove());
            }
            if (sent / 20_000 > reported) {
                reported = sent / 20_000;
                System.out.printf(
                        "%d images, %.0f per second, payload %.1f MB, file %.1f MB%n",
                        sent,
                        sent / ((System.nanoTime() - start) / 1e9),
                        RunningIntake.join(intake.store().size()) / 1e6,
                        Files.size(folder.resolve("reverie.mv.db")) / 1e6);
            }
        }
        answers.forEach(IntakeBench::check);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%d images in %.2f s: %.0f per second%n", total, seconds, total / seconds);
        intake.close();
        System.out.printf("closed: file %.1f MB%n", Files.size(folder.resolve("reverie.mv.db")) / 1e6);
        start = System.nanoTime();
        RunningIntake again = RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT);
        System.out.printf(
                "read again in %.2f s: %s%n",
                (System.nanoTime() - start) / 1e9, again.overview().store());
        again.close();
    }

    private static void check(CompletionStage<DeliveryOutcome> answer) {
        if (!(RunningIntake.join(answer) instanceof DeliveryOutcome.Accepted(var accepted, var _, var _))
                || accepted != BATCH) {
            throw new IllegalStateException("not accepted: " + RunningIntake.join(answer));
        }
    }

    private static List<Sample> batch(SplittableRandom random, int from) {
        List<Sample> samples = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            byte[] pixels = new byte[SHAPE.size()];
            random.nextBytes(pixels);
            samples.add(RunningIntake.sample("class-" + random.nextInt(10), "s" + (from + i), Image.of(SHAPE, pixels)));
        }
        return samples;
    }
}
