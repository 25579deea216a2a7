package dev.reverie.streams;

import dev.reverie.actors.Samples;
import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Small data, small settings, and runs on them. */
final class RunSettings {

    static final ImageShape SHAPE = Samples.SHAPE;

    private static final long TIMEOUT_SECONDS = 60;

    private RunSettings() {}

    /** A dataset with the given numbers of random images per class. */
    static Dataset dataset(int... perClass) {
        return dataset(SHAPE, perClass);
    }

    /** A dataset of images of a given shape. */
    static Dataset dataset(ImageShape shape, int... perClass) {
        List<LabelledImage> train = new ArrayList<>();
        for (int label = 0; label < perClass.length; label++) {
            for (Image image : Samples.images(shape, perClass[label], label)) {
                train.add(new LabelledImage(image, label));
            }
        }
        List<String> names = IntStream.range(0, perClass.length)
                .mapToObj(label -> "class " + label)
                .toList();
        return new Dataset("tiny", shape, names, new Normalisation(List.of(0.5), List.of(0.25)), train, List.of());
    }

    static List<Image> images(int count, long seed) {
        return Samples.images(count, seed);
    }

    /** Two outer iterations of three inner loops, representatives every two, eight training images after each. */
    static DistillationSettings settings(Method method) {
        return Samples.settings(method);
    }

    /** Returns the events of a type, in order. */
    static <E extends TelemetryEvent> List<E> eventsOf(Class<E> type, List<TelemetryEvent> events) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Runs a distillation to its end. */
    static DistillationResult run(DistillationRequest request, RunFixture fixture, List<TelemetryEvent> events) {
        return await(Distillation.start(request, fixture, List.of(events::add), InstantSource.system())
                .result());
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** The failure of a stage. */
    static Throwable failureOf(CompletionStage<?> stage) {
        try {
            throw new AssertionError("expected a failure, got " + await(stage));
        } catch (CompletionException failure) {
            return failure.getCause() == null ? failure : failure.getCause();
        }
    }
}
