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
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Scheduler;

/** Trains the matching network on the next real images of all classes. Reads on in an order; owned by one actor. */
final class NetworkTrainer {

    private final PatientWorker worker;
    private final Scheduler scheduler;
    private final int batchSize;
    private final TrainingOrder order;
    private final List<Member> members;
    private Optional<CompletionStage<List<LabelledImage>>> ahead = Optional.empty();

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

    /** How far the real images were read, those read ahead included. */
    TrainingOrder.Cursor cursor() {
        return order.cursor();
    }

    /**
     * Gathers the images of the next training already, so that it need not wait for them.
     *
     * @param samples as in the call of {@link #train} to come
     */
    void readAhead(int samples) {
        ahead = Optional.of(read(samples));
    }

    /**
     * Full batches, until at least {@code samples} images were seen.
     *
     * @param samples above 0
     * @param draw seed of the random choices in the training steps
     */
    CompletionStage<Reply.Answer<TrainOutcome>> train(NetworkId network, int samples, long draw) {
        CompletionStage<List<LabelledImage>> gathered = ahead.orElseGet(() -> read(samples));
        ahead = Optional.empty();
        return gathered.thenCompose(images -> worker.train(new TrainTask(network, batches(images), draw)));
    }

    private CompletionStage<List<LabelledImage>> read(int samples) {
        List<Place> places = order.take(Math.ceilDiv(samples, batchSize) * batchSize);
        Map<Integer, List<Integer>> wanted = new LinkedHashMap<>();
        places.forEach(place -> wanted.computeIfAbsent(place.label(), label -> new ArrayList<>())
                .add(place.index()));
        List<CompletionStage<ClassActor.Images>> asked = wanted.entrySet().stream()
                .map(entry -> members.get(entry.getKey())
                        .<ClassActor.Images>ask(
                                replyTo -> new ClassActor.ReadImages(entry.getValue(), replyTo), scheduler))
                .toList();
        List<Integer> labels = List.copyOf(wanted.keySet());
        return Request.all(asked).thenApply(answers -> inOrder(places, labels, answers));
    }

    private static List<LabelledImage> inOrder(
            List<Place> places, List<Integer> labels, List<ClassActor.Images> answers) {
        Map<Integer, Iterator<Image>> next = new HashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            next.put(labels.get(i), answers.get(i).images().iterator());
        }
        return places.stream()
                .map(place -> new LabelledImage(
                        next.getOrDefault(place.label(), Collections.emptyIterator())
                                .next(),
                        place.label()))
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
