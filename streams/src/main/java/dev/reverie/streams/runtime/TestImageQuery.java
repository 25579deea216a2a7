package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.KnownClass;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.gpu.dataset.Image;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Reads the images that the classes of a service set aside for testing. Thread safe. */
record TestImageQuery(ServiceActorRefs actors) {

    /** A class that does not respond within this time has no test images. */
    private static final Duration CLASS_TIMEOUT = Duration.ofSeconds(2);

    private record OfClass(int label, List<Image> images) {}

    /** The test images by class index. Fails while the store is being read. */
    CompletionStage<Map<Integer, List<Image>>> get() {
        return actors.completeOverview()
                .thenCompose(overview -> Asks.all(overview.classes().stream()
                        .filter(known -> !known.info().damaged())
                        .map(this::ofClass)
                        .toList()))
                .thenApply(all -> all.stream().collect(Collectors.toMap(OfClass::label, OfClass::images)));
    }

    private CompletionStage<OfClass> ofClass(KnownClass known) {
        return Asks.<ClassMessage, ClassActor.Images>ask(
                        known.actor(), ClassCommand.GetTestImages::new, CLASS_TIMEOUT, actors.scheduler())
                .handle((found, failure) ->
                        new OfClass(known.info().index(), failure == null ? found.images() : List.of()));
    }
}
