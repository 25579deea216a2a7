package dev.reverie.actors.loop;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.schedule.TrainingSampler;
import dev.reverie.actors.schedule.TrainingSampler.Place;
import dev.reverie.actors.worker.RetryingWorker;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.TrainOutcome;
import dev.reverie.gpu.engine.TrainTask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/** Trains the matching network on the next images of all classes. Reads on in an order; owned by one actor. */
public final class NetworkTrainer {

    /** What is asked of a class for its images. */
    @FunctionalInterface
    public interface Source {

        ClassActor.Command asking(List<Integer> indices, ActorRef<ClassActor.Images> replyTo);
    }

    private final RetryingWorker worker;
    private final Scheduler scheduler;
    private final int batchSize;
    private final TrainingSampler order;
    private final Map<Integer, ClassRef> members;
    private final Source source;
    private Optional<CompletionStage<List<LabelledImage>>> ahead = Optional.empty();

    /**
     * A trainer on images of the given classes.
     *
     * @param batchSize images per training step
     * @param order says which images come next
     * @param members by the output of the network that stands for each
     * @param source {@link ClassActor.ReadImages} or {@link ClassActor.ReadMemory}
     */
    public NetworkTrainer(
            RetryingWorker worker,
            Scheduler scheduler,
            int batchSize,
            TrainingSampler order,
            Map<Integer, ClassRef> members,
            Source source) {
        this.worker = worker;
        this.scheduler = scheduler;
        this.batchSize = batchSize;
        this.order = order;
        this.source = source;
        this.members = Map.copyOf(members);
    }

    /**
     * Gathers the images of the next training already, so that it need not wait for them.
     *
     * @param samples as in the call of {@link #train} to come
     */
    public void readAhead(int samples) {
        ahead = Optional.of(read(samples));
    }

    /**
     * Full batches, until at least {@code samples} images were seen.
     *
     * @param samples above 0
     * @param draw seed of the random choices in the training steps
     */
    public CompletionStage<WorkerReply.Answer<TrainOutcome>> train(NetworkId network, int samples, long draw) {
        CompletionStage<List<LabelledImage>> gathered = ahead.orElseGet(() -> read(samples));
        ahead = Optional.empty();
        return gathered.thenCompose(images -> worker.train(new TrainTask(network, batches(images), draw)));
    }

    /** As {@link #train}, for a network that must not be another one after a failure of the worker. */
    public CompletionStage<WorkerReply.Answer<TrainOutcome>> trainOnce(NetworkId network, int samples, long draw) {
        return read(samples).thenCompose(images -> worker.trainOnce(new TrainTask(network, batches(images), draw)));
    }

    private CompletionStage<List<LabelledImage>> read(int samples) {
        List<Place> places = order.take(Math.ceilDiv(samples, batchSize) * batchSize);
        Map<Integer, List<Integer>> wanted = new LinkedHashMap<>();
        places.forEach(place -> wanted.computeIfAbsent(place.label(), label -> new ArrayList<>())
                .add(place.index()));
        List<CompletionStage<ClassActor.Images>> asked = wanted.entrySet().stream()
                .map(entry -> Objects.requireNonNull(members.get(entry.getKey()))
                        .<ClassActor.Images>ask(replyTo -> source.asking(entry.getValue(), replyTo), scheduler))
                .toList();
        List<Integer> labels = List.copyOf(wanted.keySet());
        return Asks.all(asked).thenApply(answers -> inOrder(places, labels, answers));
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
