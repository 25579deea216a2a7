package dev.reverie.actors.loop;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.ClassifyOutcome;
import dev.reverie.gpu.select.ForgettingEvents;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Records how often a network in training forgets each candidate image of each class. Thread safe. */
final class ForgettingRecorder {

    private final Map<Integer, ForgettingEvents> byLabel = new ConcurrentHashMap<>();

    /** Records the network's current predictions for all candidates of a class. */
    void record(ClassRef target, ClassActor.Candidates candidates, ClassifyOutcome predictions) {
        byLabel.computeIfAbsent(
                        target.label(),
                        label -> new ForgettingEvents(candidates.images().size()))
                .observe(image -> predictions.label(image) == target.label());
    }

    /** The candidates that were forgotten most often; the first ones of a class without records. */
    List<Image> mostForgotten(ClassRef target, ClassActor.Candidates candidates, int count) {
        return Optional.ofNullable(byLabel.get(target.label()))
                .orElseGet(() -> new ForgettingEvents(candidates.images().size()))
                .mostForgotten(count)
                .stream()
                .map(candidates.images()::get)
                .toList();
    }
}
