package dev.reverie.streams.service;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A service that remembers every image of every class and learns nothing. */
public final class InMemoryService implements MemoryService {

    private static final HeldOutAccuracy ACCURACY =
            new HeldOutAccuracy(0.75, 200, 2, 3, Instant.ofEpochSecond(1_000), Instant.ofEpochSecond(1_030));

    private final Map<String, List<Sample>> classes = new LinkedHashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> sealed = new HashSet<>();
    private final List<ServiceEvent> events = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final Deque<CompletionStage<DeliveryOutcome>> answers = new ArrayDeque<>();
    private Predicate<Sample> wanted = _ -> true;
    private Optional<CompletionStage<DeliveryOutcome>> answer = Optional.empty();
    private Optional<String> trouble = Optional.empty();
    private boolean silent;
    private int version;

    /** From now on every delivery is answered like this. */
    public synchronized void answerWith(CompletionStage<DeliveryOutcome> admission) {
        answer = Optional.of(admission);
    }

    /** The next delivery is answered like this, after those for which this was said before. */
    public synchronized void answerNextWith(CompletionStage<DeliveryOutcome> admission) {
        answers.add(admission);
    }

    /** From now on a delivery with a sample that is not wanted is refused for its shape. */
    public synchronized void wantOnly(Predicate<Sample> samples) {
        wanted = samples;
    }

    /** Everything that came, in order, whatever was answered. */
    public synchronized List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** Samples of a class that were accepted. */
    public synchronized List<Sample> accepted(String label) {
        return List.copyOf(samples(label));
    }

    /** From now on the store does not answer. */
    public synchronized void breakStore(String detail) {
        trouble = Optional.of(detail);
    }

    /** From now on it does not tell how it is. */
    public synchronized void fallSilent() {
        silent = true;
    }

    @Override
    public synchronized CompletionStage<DeliveryOutcome> admit(Delivery delivery) {
        deliveries.add(delivery);
        if (answer.isPresent()) {
            return answer.get();
        }
        if (!answers.isEmpty()) {
            return answers.remove();
        }
        if (!delivery.samples().stream().allMatch(wanted)) {
            return done(new DeliveryOutcome.Refused(DeliveryOutcome.Reason.SHAPE_MISMATCH, "a sample is not wanted"));
        }
        int accepted = 0;
        for (Sample sample : delivery.samples()) {
            if (sample.id().isEmpty() || ids.add(sample.id().get())) {
                classes.computeIfAbsent(sample.label(), _ -> new ArrayList<>()).add(sample);
                accepted++;
            }
        }
        version++;
        return done(new DeliveryOutcome.Accepted(accepted, delivery.samples().size() - accepted));
    }

    @Override
    public synchronized CompletionStage<List<ClassStatus>> classes() {
        return done(classes.keySet().stream().map(this::status).toList());
    }

    @Override
    public synchronized CompletionStage<Optional<ClassStatus>> classNamed(String label) {
        return done(classes.containsKey(label) ? Optional.of(status(label)) : Optional.empty());
    }

    @Override
    public synchronized CompletionStage<Optional<MemoryView>> memory() {
        if (trouble.isPresent()) {
            return CompletableFuture.failedStage(new UnavailableException(trouble.get()));
        }
        return done(classes.isEmpty() ? Optional.empty() : Optional.of(new MemoryView("v" + version, set())));
    }

    private DistilledSet set() {
        List<String> names = List.copyOf(classes.keySet());
        ImageShape shape = samples(names.getFirst()).getFirst().image().shape();
        List<Integer> labels = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (String name : names) {
            for (Sample sample : samples(name)) {
                labels.add(names.indexOf(name));
                for (double value : sample.image().values()) {
                    values.add(value);
                }
            }
        }
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        ImageBatch images = ImageBatch.of(shape, floats);
        List<Double> ones = Collections.nCopies(shape.channels(), 1.0);
        return new DistilledSet(images, labels, images, labels, 1, new Normalisation(ones, ones), names);
    }

    @Override
    public synchronized CompletionStage<Optional<ClassStatus>> seal(String label) {
        sealed.add(label);
        return classNamed(label);
    }

    @Override
    public synchronized CompletionStage<Boolean> forget(String label) {
        version++;
        return done(classes.remove(label) != null);
    }

    private List<Sample> samples(String label) {
        return classes.getOrDefault(label, List.of());
    }

    private ClassStatus status(String label) {
        int seen = samples(label).size();
        return new ClassStatus(
                label,
                List.copyOf(classes.keySet()).indexOf(label),
                sealed.contains(label) ? ClassPhase.SEALED : ClassPhase.COLLECTING,
                seen,
                seen,
                seen,
                0,
                OptionalDouble.empty(),
                Instant.EPOCH);
    }

    @Override
    public synchronized CompletionStage<ServiceStatus> status() {
        if (silent) {
            return new CompletableFuture<>();
        }
        long samples = classes.values().stream().mapToLong(List::size).sum();
        return done(new ServiceStatus(
                samples, classes.size(), 7, 2, Duration.ofMillis(1500), "idle", Optional.of(ACCURACY)));
    }

    @Override
    public synchronized CompletionStage<Readiness> readiness() {
        return done(new Readiness(List.of(
                new Readiness.Check("store", trouble.isEmpty(), trouble.orElse("writes")),
                new Readiness.Check("worker", true, "idle"))));
    }

    public synchronized void happens(ServiceEvent event) {
        events.add(event);
    }

    @Override
    public synchronized Source<ServiceEvent, NotUsed> events(Optional<Long> after) {
        List<ServiceEvent> missed = events.stream()
                .filter(event -> event.number() > after.orElse(-1L))
                .toList();
        return Source.from(missed).concat(Source.<ServiceEvent>maybe());
    }

    private static <T> CompletionStage<T> done(T result) {
        return CompletableFuture.completedStage(result);
    }
}
