package dev.reverie.streams.service;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.coded.CodedImages;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.StoredSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The classes of {@link InMemoryService} with their samples, in the order of arrival. Not thread safe. */
final class InMemoryClasses {

    private final Map<String, StoredClass> stored = new LinkedHashMap<>();
    private ClassPhase open = ClassPhase.COLLECTING;

    /** All that is known of a class, and forgotten with it. */
    private static final class StoredClass {

        final List<Sample> samples = new ArrayList<>();
        final Set<String> ids = new HashSet<>();
        Optional<String> displayName = Optional.empty();
        boolean isSealed;
        boolean isSealRequested;
        boolean withholdsImages;
    }

    /** Stores a sample unless its class has one with the same id, and returns whether it did. */
    boolean add(Sample sample) {
        StoredClass owner = stored.computeIfAbsent(sample.label(), _ -> new StoredClass());
        boolean isNew = sample.id().map(owner.ids::add).orElse(true);
        if (isNew) {
            owner.samples.add(sample);
        }
        return isNew;
    }

    /** Deletes everything about a class, and returns whether it existed. */
    boolean forget(String label) {
        return stored.remove(label) != null;
    }

    /** Withdraws a sample, and returns what became of it; empty if the class does not exist. */
    Optional<ClassCommand.Withdrawal> withdraw(String label, String id) {
        return find(label).map(one -> {
            if (!one.ids.contains(id)) {
                return ClassCommand.Withdrawal.UNKNOWN;
            }
            List<Sample> staying = one.samples.stream()
                    .filter(sample -> !sample.id().equals(Optional.of(id)))
                    .toList();
            if (staying.isEmpty()) {
                return ClassCommand.Withdrawal.REFUSED;
            }
            one.samples.retainAll(staying);
            return ClassCommand.Withdrawal.DONE;
        });
    }

    /** Adds the samples of a class to another one, and returns how many were new there; empty if it does not exist. */
    Optional<DeliveryOutcome> moveImages(String label, String into) {
        return find(label).map(one -> {
            int accepted = 0;
            for (Sample sample : one.samples) {
                accepted += add(new Sample(into, sample.id(), sample.image())) ? 1 : 0;
            }
            return new DeliveryOutcome.Accepted(accepted, one.samples.size() - accepted);
        });
    }

    /** Names a class, if it exists. */
    void rename(String label, Optional<String> displayName) {
        find(label).ifPresent(one -> one.displayName = displayName);
    }

    /** The names of the classes that have one, by index. */
    SortedMap<Integer, String> displayNames() {
        SortedMap<Integer, String> names = new TreeMap<>();
        for (StoredClass one : stored.values()) {
            int index = List.copyOf(stored.values()).indexOf(one);
            one.displayName.ifPresent(name -> names.put(index, name));
        }
        return names;
    }

    /** Seals a class, if it exists. */
    void seal(String label, SealChange change) {
        find(label).ifPresent(one -> {
            one.isSealed |= change == SealChange.NOW;
            one.isSealRequested = change == SealChange.WHEN_CONVERGED;
        });
    }

    /** Leaves a class out of {@link #set} until it is forgotten. */
    void withholdImages(String label) {
        find(label).orElseThrow().withholdsImages = true;
    }

    /** Lets all classes that are not sealed be converged. */
    void converge() {
        open = ClassPhase.CONVERGED;
    }

    boolean isEmpty() {
        return stored.isEmpty();
    }

    int count() {
        return stored.size();
    }

    long sampleCount() {
        return stored.values().stream().mapToLong(one -> one.samples.size()).sum();
    }

    List<Sample> samples(String label) {
        return find(label).map(one -> List.copyOf(one.samples)).orElse(List.of());
    }

    List<ClassInfo> statuses() {
        return stored.keySet().stream().flatMap(label -> status(label).stream()).toList();
    }

    Optional<ClassInfo> status(String label) {
        return find(label).map(one -> status(label, one));
    }

    private Optional<StoredClass> find(String label) {
        return Optional.ofNullable(stored.get(label));
    }

    private ClassInfo status(String label, StoredClass one) {
        int seen = one.samples.size();
        return new ClassInfo(
                label,
                List.copyOf(stored.keySet()).indexOf(label),
                one.isSealed ? ClassPhase.SEALED : open,
                seen,
                seen,
                seen,
                0,
                OptionalDouble.empty(),
                Instant.EPOCH,
                one.isSealRequested && !one.isSealed,
                false,
                seen,
                new ClassInfo.Version(1, seen, seen));
    }

    /** Returns the samples of the first one's shape as if they were learned. There must be at least one. */
    StoredSet set(int factor) {
        List<String> names = List.copyOf(stored.keySet());
        ImageShape shape = samples(names.getFirst()).getFirst().image().shape();
        List<Integer> labels = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        stored.forEach((name, one) -> {
            if (!one.withholdsImages) {
                one.samples.stream()
                        .map(Sample::image)
                        .filter(image -> image.shape().equals(shape))
                        .forEach(image -> {
                            labels.add(names.indexOf(name));
                            for (double value : image.values()) {
                                values.add(value);
                            }
                        });
            }
        });
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        ImageBatch images = ImageBatch.of(shape, floats);
        List<Double> ones = Collections.nCopies(shape.channels(), 1.0);
        return new StoredSet(images, labels, factor, new Normalisation(ones, ones), ClassList.of(names));
    }

    /** Returns the pictures of each class that has images in the set. */
    static Map<Integer, CodedImages> coded(StoredSet set, Coding coding) {
        SortedMap<Integer, List<Integer>> places = new TreeMap<>();
        for (int place = 0; place < set.labels().size(); place++) {
            places.computeIfAbsent(set.labels().get(place), _ -> new ArrayList<>())
                    .add(place);
        }
        SortedMap<Integer, CodedImages> pictures = new TreeMap<>();
        places.forEach((index, ofClass) ->
                pictures.put(index, coding.encode(set.images().pick(ofClass))));
        return pictures;
    }
}
