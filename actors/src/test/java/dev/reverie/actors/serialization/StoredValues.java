package dev.reverie.actors.serialization;

import static java.util.Map.entry;

import dev.reverie.actors.Samples;
import dev.reverie.actors.deduplication.DeliveredFilesActor;
import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.FingerprintWindow;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassEvent;
import dev.reverie.actors.lifecycle.ClassState;
import dev.reverie.actors.lifecycle.LearnedImages;
import dev.reverie.actors.lifecycle.StoredSnapshot;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.service.StoredProgress;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** One value of every stored type, in every format, by the name of its golden file. */
final class StoredValues {

    private static final List<Image> IMAGES = Samples.images(3, 5);
    private static final Instant ARRIVED = Instant.ofEpochMilli(1_700_000_000_456L);
    private static final FingerprintBlock FINGERPRINTS = FingerprintBlock.of(new long[] {1, -2, 3, -4, 5, -6});
    private static final ClassRegistryEvent.Initialised INITIALISED =
            new ClassRegistryEvent.Initialised(7, Samples.SHAPE);

    private static final Normalisation NORMALISATION = new Normalisation(List.of(0.25, 0.5), List.of(0.125, 1.0));
    private static final ClassRegistryState REGISTRY = registry(Set.of(), Optional.empty(), Map.of());

    private StoredValues() {}

    /** Values in formats that are no longer written. */
    static Map<String, Transferable> earlier() {
        return Map.of(
                "registry-1",
                REGISTRY,
                "registry-2",
                REGISTRY,
                "registry-3",
                registry(Set.of(0), Optional.empty(), Map.of()),
                "registry-4",
                registry(Set.of(0), Optional.of(NORMALISATION), Map.of()),
                "samples-admitted-1",
                samplesAdded(ReservoirImage.UNKNOWN, Optional.empty(), List.of()),
                "capacity-changed-1",
                new ClassEvent.CapacityChanged(new ClassCapacity(12, 0, 34)),
                "class-state-1",
                state(ReservoirImage.UNKNOWN, Reservoir.empty(17, 0), false));
    }

    /** Values in the formats that are written. */
    static Map<String, Transferable> all() {
        return Map.ofEntries(
                entry(
                        "samples-admitted-2",
                        samplesAdded(
                                ARRIVED,
                                Optional.of(new MaxAge.Expiry(Instant.ofEpochMilli(7), 2, 1)),
                                List.of(new ReservoirImage(42, IMAGES.get(2), ARRIVED)))),
                entry("images-learned-1", new ClassEvent.ImagesLearned(learned())),
                entry("phase-entered-1", new ClassEvent.PhaseEntered(ClassPhase.CONVERGED)),
                entry("capacity-changed-2", new ClassEvent.CapacityChanged(new ClassCapacity(12, 3, 34))),
                entry("sample-withdrawn-1", new ClassEvent.SampleWithdrawn(List.of(3L, 41L))),
                entry("seal-requested-1", new ClassEvent.SealRequested(true)),
                entry(
                        "class-state-2",
                        state(
                                ARRIVED,
                                Reservoir.empty(17, 3).with(List.of(new ReservoirImage(3, IMAGES.get(0), ARRIVED))),
                                true)),
                entry("service-founded-1", INITIALISED),
                entry("labels-registered-1", new ClassRegistryEvent.ClassesRegistered(List.of("cat", "Bär"))),
                entry("forgetting-begun-1", new ClassRegistryEvent.ForgettingStarted(3)),
                entry("class-forgotten-1", new ClassRegistryEvent.Forgotten(3)),
                entry("classes-populated-1", new ClassRegistryEvent.ClassesPopulated(Set.of(3))),
                entry("registry-5", registry(Set.of(0), Optional.of(NORMALISATION), Map.of(0, "Hauskatze"))),
                entry("class-renamed-1", new ClassRegistryEvent.ClassRenamed(3, Optional.of("Braunbär"))),
                entry("normalisation-fixed-1", new ClassRegistryEvent.NormalisationFixed(NORMALISATION)),
                entry("items-added-1", new DeliveredFilesActor.FilesAdded(FileKeys.of(new long[] {1, -2}))),
                entry("items-removed-1", new DeliveredFilesActor.FilesRemoved(FileKeys.of(new long[] {-2}))),
                entry("delivered-items-1", new DeliveredFilesActor.State(2, FileKeys.of(new long[] {1}))),
                entry("distillation-progress-1", new StoredProgress(Optional.of(NORMALISATION), 7, 350, 6)));
    }

    private static ClassRegistryState registry(
            Set<Integer> populated, Optional<Normalisation> normalisation, Map<Integer, String> displayNames) {
        return new ClassRegistryState(
                9,
                Optional.of(INITIALISED),
                2,
                new TreeMap<>(Map.of(0, "cat")),
                populated,
                Set.of(1),
                normalisation,
                new TreeMap<>(displayNames));
    }

    private static ClassEvent.SamplesAdded samplesAdded(
            Instant arrived, Optional<MaxAge.Expiry> expiry, List<ReservoirImage> testImages) {
        return new ClassEvent.SamplesAdded(
                41,
                arrived,
                expiry,
                FINGERPRINTS,
                List.of(new ReservoirImage(41, IMAGES.get(0), arrived), new ReservoirImage(43, IMAGES.get(1), arrived)),
                testImages);
    }

    private static StoredSnapshot state(Instant arrived, Reservoir testImages, boolean sealRequested) {
        Reservoir reservoir = Reservoir.empty(17, 2);
        List<ReservoirImage> offered = List.of(
                new ReservoirImage(0, IMAGES.get(0), arrived),
                new ReservoirImage(1, IMAGES.get(1), arrived),
                new ReservoirImage(2, IMAGES.get(2), arrived));
        ClassState state = new ClassState(
                ClassPhase.DISTILLING,
                44,
                reservoir.with(reservoir.choose(offered)),
                testImages,
                FingerprintWindow.restored(34, FINGERPRINTS),
                sealRequested);
        return new StoredSnapshot(state, Optional.of(learned()));
    }

    private static LearnedImages learned() {
        SplittableRandom random = new SplittableRandom(2);
        return new LearnedImages(
                ImageBatch.of(Samples.SHAPE, Samples.floats(2 * Samples.SHAPE.size(), random)),
                ImageBatch.of(Samples.SHAPE, Samples.floats(2 * Samples.SHAPE.size(), random)),
                ImageBatch.of(Samples.SHAPE, Samples.floats(2 * Samples.SHAPE.size(), random)),
                99,
                OptionalDouble.of(0.5),
                Instant.ofEpochMilli(1_700_000_000_123L));
    }
}
