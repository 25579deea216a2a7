package dev.reverie.actors.intake;

import dev.reverie.actors.Samples;
import dev.reverie.actors.store.Store;
import dev.reverie.gpu.dataset.Image;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Delivers without end, a few at a time, and prints the number of each delivery that was accepted. */
final class KillVictim {

    static final int DELIVERY = 12;

    private static final int AT_ONCE = 6;
    private static final int CLASSES = 4;

    private KillVictim() {}

    private record Sent(int number, CompletionStage<DeliveryOutcome> answer) {}

    public static void main(String[] args) {
        RunningIntake intake = RunningIntake.on(Store.inFolder(Path.of(args[0])), IntakeLimits.DEFAULT);
        Deque<Sent> sent = new ArrayDeque<>();
        for (int number = Integer.parseInt(args[1]); ; number++) {
            sent.add(new Sent(number, intake.deliver(delivery(number))));
            if (sent.size() > AT_ONCE) {
                Sent first = sent.remove();
                if (RunningIntake.join(first.answer) instanceof DeliveryOutcome.Accepted(var accepted, var duplicates)
                        && accepted + duplicates == DELIVERY) {
                    System.out.println(first.number);
                }
            }
        }
    }

    /** The same for the same number. */
    static List<Sample> delivery(int number) {
        List<Sample> samples = new ArrayList<>();
        for (Image image : Samples.images(DELIVERY, number)) {
            int i = samples.size();
            samples.add(RunningIntake.sample("class-" + (number + i) % CLASSES, number + "-" + i, image));
        }
        return samples;
    }
}
