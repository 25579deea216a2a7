package dev.reverie.actors.intake;

import dev.reverie.actors.Samples;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.Store;
import dev.reverie.gpu.dataset.Image;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A process that delivers samples of several classes until it is killed, and prints the number of each accepted
 * delivery. If the answer does not count each sample once, it prints that instead.
 */
final class KilledProcess {

    static final int DELIVERY_SIZE = 12;

    private static final int MAX_PENDING = 6;
    private static final int CLASSES = 4;

    private KilledProcess() {}

    private record Sent(int number, CompletionStage<DeliveryOutcome> outcome) {}

    public static void main(String[] args) {
        RunningIntake intake = RunningIntake.on(storeAt(args[0]), IntakeLimits.DEFAULT);
        Deque<Sent> sent = new ArrayDeque<>();
        for (int number = Integer.parseInt(args[1]); ; number++) {
            sent.add(new Sent(number, intake.deliverAsync(delivery(number))));
            if (sent.size() > MAX_PENDING) {
                Sent first = sent.remove();
                if (RunningIntake.join(first.outcome) instanceof DeliveryOutcome.Accepted accepted) {
                    System.out.println(
                            isComplete(accepted) ? String.valueOf(first.number) : first.number + " got " + accepted);
                }
            }
        }
    }

    /** Opens the store in a folder or at the address of a PostgreSQL database. */
    static Store storeAt(String place) {
        return place.startsWith("jdbc:")
                ? Store.onPostgres(place, PostgresServer.USER, "")
                : Store.inFolder(Path.of(place));
    }

    /** Whether each sample of a delivery was new or stored before. */
    static boolean isComplete(DeliveryOutcome.Accepted accepted) {
        return accepted.accepted() + accepted.duplicates() == DELIVERY_SIZE;
    }

    /** Returns the delivery with a number; equal numbers give equal samples. */
    static List<Sample> delivery(int number) {
        List<Sample> samples = new ArrayList<>();
        for (Image image : Samples.images(DELIVERY_SIZE, number)) {
            int i = samples.size();
            samples.add(RunningIntake.sample("class-" + (number + i) % CLASSES, number + "-" + i, image));
        }
        return samples;
    }
}
