package dev.reverie.actors.run;

import dev.reverie.actors.Request;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.Member;
import dev.reverie.actors.schedule.TrainingOrder;
import dev.reverie.actors.schedule.TrainingOrder.Place;
import dev.reverie.actors.worker.PatientWorker;
import dev.reverie.actors.worker.Reply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.method.NetworkId;
import dev.reverie.gpu.method.TrainOutcome;
import dev.reverie.gpu.method.TrainTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Scheduler;

/** Trains the matching network on the next real images of all classes. Reads on in an order; owned by one actor. */
final class NetworkTrainer {

    private final PatientWorker worker;
    private final Scheduler scheduler;
    private final int batchSize;
    private final TrainingOrder order;
    private final List<Member> members;

    /**
     * A trainer over the reservoirs of the given classes.
     *
     * @param batchSize images per training step; all there are if there are fewer
     */
    NetworkTrainer(
            PatientWorker worker,
            Scheduler scheduler,
            int batchSize,
            long seed,
            List<Member> members,
            TrainingOrder.Cursor cursor) {
        this.worker = worker;
        this.scheduler = scheduler;
        this.members = List.copyOf(members);
        this.order = new TrainingOrder(seed, members.stream().map(Member::size).toList(), cursor);
        this.batchSize = Math.min(batchSize, order.total());
    }

    /** How far the real images were read. */
    TrainingOrder.Cursor cursor() {
        return order.cursor();
    }

    /**
     * Full batches, until at least {@code samples} images were seen.
     *
     * @param samples above 0
     * @param draw seed of the random choices in the training steps
     */
    CompletionStage<Reply.Answer<TrainOutcome>> train(NetworkId network, int samples, long draw) {
        int steps = Math.ceilDiv(samples, batchSize);
        List<Place> places = order.take(steps * batchSize);
        return imagesAt(places).thenCompose(images -> worker.train(new TrainTask(network, batches(images), draw)));
    }

    private CompletionStage<List<LabelledImage>> imagesAt(List<Place> places) {
        Map<Integer, List<Integer>> wanted = new HashMap<>();
        places.forEach(place -> wanted.computeIfAbsent(place.label(), label -> new ArrayList<>())
                .add(place.index()));
        List<CompletionStage<ClassActor.Images>> asked = members.stream()
                .map(member -> member.<ClassActor.Images>ask(
                        replyTo -> new ClassActor.ReadImages(wanted.getOrDefault(member.label(), List.of()), replyTo),
                        scheduler))
                .toList();
        return Request.all(asked).thenApply(answers -> inOrder(places, answers));
    }

    private static List<LabelledImage> inOrder(List<Place> places, List<ClassActor.Images> byLabel) {
        List<Iterator<Image>> next =
                byLabel.stream().map(images -> images.images().iterator()).toList();
        return places.stream()
                .map(place -> new LabelledImage(next.get(place.label()).next(), place.label()))
                .toList();
    }

    private List<List<LabelledImage>> batches(List<LabelledImage> images) {
        List<List<LabelledImage>> batches = new ArrayList<>();
        for (int from = 0; from < images.size(); from += batchSize) {
            batches.add(images.subList(from, from + batchSize));
        }
        return batches;
    }
}
