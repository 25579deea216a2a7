package dev.reverie.actors.loop;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.schedule.TrainingSampler;
import dev.reverie.actors.schedule.TrainingSampler.ImageIndex;
import dev.reverie.actors.worker.WorkerPool;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Trains the matching network on images of all classes, in the order that a sampler determines. If it samples classes
 * that have no images, there are fewer images, and the last batch may be smaller. Belongs to one actor.
 */
public final class NetworkTrainer {

    /** Creates the request for images of a class. */
    @FunctionalInterface
    public interface Source {

        ClassActor.Command request(List<Integer> indices, ActorRef<ClassActor.Images> replyTo);
    }

    private final WorkerPool worker;
    private final Scheduler scheduler;
    private final int batchSize;
    private final TrainingSampler sampler;
    private final Map<Integer, ClassClient> classes;
    private final Source source;
    private Optional<CompletionStage<List<LabelledImage>>> ahead = Optional.empty();

    /**
     * Creates a trainer on images of the given classes.
     *
     * @param classes the classes, by network output
     * @param source creates {@link ClassActor.ReadImages} or {@link ClassActor.ReadMemory}
     */
    public NetworkTrainer(
            WorkerPool worker,
            Scheduler scheduler,
            int batchSize,
            TrainingSampler sampler,
            Map<Integer, ClassClient> classes,
            Source source) {
        this.worker = worker;
        this.scheduler = scheduler;
        this.batchSize = batchSize;
        this.sampler = sampler;
        this.source = source;
        this.classes = Map.copyOf(classes);
    }

    /**
     * Starts to read the images for the next training, so that the training does not have to wait for them.
     *
     * @param count number of images, the same as in the next call of {@link #train}
     */
    public void readAhead(int count) {
        ahead = Optional.of(read(count));
    }

    /**
     * Trains the network on {@code count} images, rounded up to full batches; on fewer if sampled classes have none.
     * Fails if no sampled class has any.
     *
     * @param count number of images to sample, above 0
     * @param seed seed of the random choices in the training steps
     * @param rateShare learning rate, as a fraction of the configured one
     */
    public CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> train(
            NetworkId network, int count, long seed, double rateShare) {
        CompletionStage<List<LabelledImage>> gathered = ahead.orElseGet(() -> read(count));
        ahead = Optional.empty();
        return trained(
                gathered, batches -> worker.train(new TrainMatchingNetworkTask(network, batches, seed, rateShare)));
    }

    /**
     * Trains the newest network, or one that is drawn from the pool, like {@link #train}, while other jobs may go on
     * with the network as it was.
     *
     * @param needed completes when no job needs the network as it was
     */
    public CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trainAhead(
            NetworkId network, int count, long seed, boolean drawn, CompletionStage<Done> needed) {
        return trained(
                read(count),
                batches -> worker.trainAhead(new TrainMatchingNetworkTask(network, batches, seed, 1, drawn), needed));
    }

    /** Like {@link #train}, but without a retry, because a retry would train the network of a new engine. */
    public CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trainOnce(
            NetworkId network, int count, long seed, double rateShare) {
        return trained(
                read(count),
                batches -> worker.trainOnce(new TrainMatchingNetworkTask(network, batches, seed, rateShare)));
    }

    private CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trained(
            CompletionStage<List<LabelledImage>> gathered,
            Function<List<List<LabelledImage>>, CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>>>
                    training) {
        return gathered.thenCompose(images -> images.isEmpty()
                ? CompletableFuture.completedStage(new WorkerReply.Failed<>("no sampled class has images"))
                : training.apply(batches(images)));
    }

    private CompletionStage<List<LabelledImage>> read(int count) {
        List<ImageIndex> samples = sampler.take(Math.ceilDiv(count, batchSize) * batchSize);
        Map<Integer, List<Integer>> wanted = new LinkedHashMap<>();
        samples.forEach(sample -> wanted.computeIfAbsent(sample.output(), output -> new ArrayList<>())
                .add(sample.index()));
        List<CompletionStage<ClassActor.Images>> asked = wanted.entrySet().stream()
                .map(entry -> Objects.requireNonNull(classes.get(entry.getKey()))
                        .<ClassActor.Images>ask(replyTo -> source.request(entry.getValue(), replyTo), scheduler))
                .toList();
        List<Integer> outputs = List.copyOf(wanted.keySet());
        return Asks.all(asked).thenApply(answers -> inSampledOrder(samples, outputs, answers));
    }

    /** Leaves out the samples of classes without images, for example of one that has only images for testing. */
    private static List<LabelledImage> inSampledOrder(
            List<ImageIndex> samples, List<Integer> outputs, List<ClassActor.Images> answers) {
        Map<Integer, Iterator<Image>> next = new HashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            next.put(outputs.get(i), answers.get(i).images().iterator());
        }
        List<LabelledImage> images = new ArrayList<>();
        for (ImageIndex sample : samples) {
            Iterator<Image> ofClass = next.getOrDefault(sample.output(), Collections.emptyIterator());
            if (ofClass.hasNext()) {
                images.add(new LabelledImage(ofClass.next(), sample.output()));
            }
        }
        return images;
    }

    private List<List<LabelledImage>> batches(List<LabelledImage> images) {
        List<List<LabelledImage>> batches = new ArrayList<>();
        for (int from = 0; from < images.size(); from += batchSize) {
            batches.add(images.subList(from, Math.min(from + batchSize, images.size())));
        }
        return batches;
    }
}
