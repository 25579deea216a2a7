package dev.reverie.actors.serialization;

import static java.util.Map.entry;

import dev.reverie.actors.Samples;
import dev.reverie.actors.intake.Registry;
import dev.reverie.actors.intake.RegistryEvent;
import dev.reverie.actors.lifecycle.Capacity;
import dev.reverie.actors.lifecycle.ClassEvent;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.lifecycle.ClassState;
import dev.reverie.actors.lifecycle.Learned;
import dev.reverie.actors.service.Progress;
import dev.reverie.actors.deduplication.Fingerprints;
import dev.reverie.actors.deduplication.Window;
import dev.reverie.actors.reservoir.Kept;
import dev.reverie.actors.reservoir.Reservoir;
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

/** One value of every kind that is stored, by the name of its golden file. */
final class StoredValues {

    private static final List<Image> IMAGES = Samples.images(3, 5);
    private static final Fingerprints FINGERPRINTS = Fingerprints.of(new long[] {1, -2, 3, -4, 5, -6});
    private static final RegistryEvent.Founded FOUNDED = new RegistryEvent.Founded(7, Samples.SHAPE);

    private StoredValues() {}

    static Map<String, Transferable> all() {
        return Map.ofEntries(
                entry(
                        "samples-admitted-1",
                        new ClassEvent.SamplesAdmitted(
                                41, FINGERPRINTS, List.of(new Kept(41, IMAGES.get(0)), new Kept(43, IMAGES.get(1))))),
                entry("images-learned-1", new ClassEvent.ImagesLearned(learned())),
                entry("phase-entered-1", new ClassEvent.PhaseEntered(ClassPhase.CONVERGED)),
                entry("capacity-changed-1", new ClassEvent.CapacityChanged(new Capacity(12, 34))),
                entry("class-state-1", state()),
                entry("service-founded-1", FOUNDED),
                entry("labels-registered-1", new RegistryEvent.LabelsRegistered(List.of("cat", "Bär"))),
                entry("forgetting-begun-1", new RegistryEvent.ForgettingBegun(3)),
                entry("class-forgotten-1", new RegistryEvent.Forgotten(3)),
                entry(
                        "registry-1",
                        new Registry(
                                9, Optional.of(FOUNDED), List.of(Optional.of("cat"), Optional.empty()), Set.of(1))),
                entry(
                        "distillation-progress-1",
                        new Progress(
                                Optional.of(new Normalisation(List.of(0.25, 0.5), List.of(0.125, 1.0))), 7, 350, 6)));
    }

    private static ClassState state() {
        Reservoir reservoir = Reservoir.empty(17, 2);
        return new ClassState(
                ClassPhase.DISTILLING,
                44,
                reservoir.with(reservoir.choose(0, IMAGES)),
                Window.ofCapacity(34).with(FINGERPRINTS),
                Optional.of(learned()));
    }

    private static Learned learned() {
        SplittableRandom random = new SplittableRandom(2);
        return new Learned(
                ImageBatch.of(Samples.SHAPE, Samples.floats(2 * Samples.SHAPE.size(), random)),
                ImageBatch.of(Samples.SHAPE, Samples.floats(2 * Samples.SHAPE.size(), random)),
                ImageBatch.of(Samples.SHAPE, Samples.floats(2 * Samples.SHAPE.size(), random)),
                99,
                OptionalDouble.of(0.5),
                Instant.ofEpochMilli(1_700_000_000_123L));
    }
}
