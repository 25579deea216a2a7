package dev.reverie.actors.run;

import dev.reverie.actors.Asks;
import dev.reverie.actors.DistillationException;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.run.RunCommand.AddClass;
import dev.reverie.actors.run.RunCommand.AddClassReply;
import dev.reverie.actors.run.RunCommand.ClassAdded;
import dev.reverie.actors.run.RunCommand.ClassRefused;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Queues the classes that will join a run, first in, first out. Each request gets exactly one reply. Not thread safe.
 */
final class JoinQueue {

    private final RunPlan plan;
    private final Deque<AddClass> waiting = new ArrayDeque<>();
    private Optional<AddClass> joining = Optional.empty();
    private boolean closed;

    JoinQueue(RunPlan plan) {
        this.plan = plan;
    }

    /** Queues a class, or refuses it at once if it cannot join. */
    void add(AddClass request, List<ClassClient> classes) {
        try {
            requireJoinable(request, classes);
            waiting.add(request);
        } catch (IllegalArgumentException | DistillationException reason) {
            request.replyTo().tell(new ClassRefused(reason));
        }
    }

    private void requireJoinable(AddClass request, List<ClassClient> classes) {
        if (closed) {
            throw runHasEnded(request);
        }
        String name = request.name();
        if (classes.stream().anyMatch(other -> other.name().equals(name))
                || Stream.concat(waiting.stream(), joining.stream())
                        .anyMatch(other -> other.name().equals(name))) {
            throw new IllegalArgumentException("class '" + name + "' already exists; choose another name");
        }
        plan.requireFitting(new ClassImages(name, request.images()));
    }

    /** Takes the next class from the queue; accept or refuse it before the next call. */
    Optional<AddClass> next() {
        joining = Optional.ofNullable(waiting.poll());
        return joining;
    }

    /** Replies that the class taken last has joined. */
    void accept(int classIndex) {
        answer(new ClassAdded(classIndex));
    }

    /**
     * Refuses the class taken last.
     *
     * @return the reason, for a warning
     */
    String refuse(Throwable cause) {
        String reason = joining.map(request -> "class '" + request.name() + "' cannot join: ")
                        .orElse("")
                + Asks.reasonOf(cause);
        answer(new ClassRefused(new DistillationException(reason, cause)));
        return reason;
    }

    private void answer(AddClassReply reply) {
        joining.ifPresent(request -> request.replyTo().tell(reply));
        joining = Optional.empty();
    }

    /** Refuses all queued classes and every later one. */
    void close() {
        closed = true;
        Stream.concat(waiting.stream(), joining.stream())
                .forEach(request -> request.replyTo().tell(new ClassRefused(runHasEnded(request))));
        waiting.clear();
        joining = Optional.empty();
    }

    private static DistillationException runHasEnded(AddClass request) {
        return new DistillationException("the run has ended, so class '" + request.name() + "' cannot join it");
    }
}
