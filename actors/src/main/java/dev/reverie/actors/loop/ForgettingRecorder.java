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

/** What the network for the selection forgot of each class while it was trained. Thread safe. */
final class ForgettingRecorder {

    private final Map<Integer, ForgettingEvents> byLabel = new ConcurrentHashMap<>();

    /** The network has looked at all candidates of a class. */
    void observe(ClassRef member, ClassActor.Candidates candidates, ClassifyOutcome seen) {
        byLabel.computeIfAbsent(
                        member.label(),
                        label -> new ForgettingEvents(candidates.images().size()))
                .observe(image -> seen.label(image) == member.label());
    }

    /** The candidates that were forgotten most; the first ones of a class that was not there when it was watched. */
    List<Image> worst(ClassRef member, ClassActor.Candidates candidates, int count) {
        return Optional.ofNullable(byLabel.get(member.label()))
                .orElseGet(() -> new ForgettingEvents(candidates.images().size()))
                .mostForgotten(count)
                .stream()
                .map(candidates.images()::get)
                .toList();
    }
}
