package dev.reverie.actors.loop;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.select.ForgettingEvents;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Records how often a network forgets each candidate image of each class during its training. Thread safe. */
final class ForgettingRecorder {

    private final Map<Integer, ForgettingEvents> byLabel = new ConcurrentHashMap<>();

    /** Records the network's current predictions for all candidates of a class. */
    void record(ClassRef target, ClassActor.Candidates candidates, ClassifyOutcome predictions) {
        byLabel.computeIfAbsent(
                        target.label(),
                        label -> new ForgettingEvents(candidates.images().size()))
                .record(image -> predictions.label(image) == target.label());
    }

    /**
     * Returns the candidates that were forgotten most often, or the first candidates if nothing was recorded for the
     * class.
     */
    List<Image> mostForgotten(ClassRef target, ClassActor.Candidates candidates, int count) {
        return Optional.ofNullable(byLabel.get(target.label()))
                .orElseGet(() -> new ForgettingEvents(candidates.images().size()))
                .mostForgotten(count)
                .stream()
                .map(candidates.images()::get)
                .toList();
    }
}
