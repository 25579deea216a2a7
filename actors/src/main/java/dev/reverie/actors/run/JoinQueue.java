package dev.reverie.actors.run;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.run.RunCommand.AddClass;
import dev.reverie.actors.run.RunCommand.AddClassReply;
import dev.reverie.actors.run.RunCommand.ClassRefused;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Classes that want to take part, first come, first served. Each is answered exactly once. Not thread safe. */
final class JoinQueue {

    private final RunPlan plan;
    private final Deque<AddClass> waiting = new ArrayDeque<>();
    private Optional<AddClass> examined = Optional.empty();
    private boolean closed;

    JoinQueue(RunPlan plan) {
        this.plan = plan;
    }

    /** Lets a class wait for its turn, or refuses it. */
    void add(AddClass request, List<ClassRef> members) {
        try {
            requireFitting(request, members);
            waiting.add(request);
        } catch (IllegalArgumentException | DistillationException reason) {
            request.replyTo().tell(new ClassRefused(reason));
        }
    }

    private void requireFitting(AddClass request, List<ClassRef> members) {
        if (closed) {
            throw tooLate(request);
        }
        String name = request.name();
        if (members.stream().anyMatch(member -> member.name().equals(name))
                || Stream.concat(waiting.stream(), examined.stream())
                        .anyMatch(other -> other.name().equals(name))) {
            throw new IllegalArgumentException("class '" + name + "' takes part already: choose another name");
        }
        plan.requireFitting(new ClassImages(name, request.images()));
    }

    /** The next one; to be answered before the one after it. */
    Optional<AddClass> next() {
        examined = Optional.ofNullable(waiting.poll());
        return examined;
    }

    /** Answers the one that was next. */
    void answer(AddClassReply reply) {
        examined.ifPresent(request -> request.replyTo().tell(reply));
        examined = Optional.empty();
    }

    /** Refuses those that wait, and whoever still comes. */
    void close() {
        closed = true;
        Stream.concat(waiting.stream(), examined.stream())
                .forEach(request -> request.replyTo().tell(new ClassRefused(tooLate(request))));
        waiting.clear();
        examined = Optional.empty();
    }

    private static DistillationException tooLate(AddClass request) {
        return new DistillationException("the run has ended, so class '" + request.name() + "' can't join it");
    }
}
