package dev.reverie.actors.lifecycle;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.store.StoreFailure;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Publishes what a class is to its supervisor, each time with a newer version, and answers questions. Not thread safe.
 */
final class ClassPublisher {

    private final int index;
    private final ClassLearning learning;
    private final LongSupplier events;
    private final ActorRef<ClassReport> supervisor;
    /** Starts at a random number, so that two incarnations of the actor share no epoch. */
    private long epoch = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2);

    private long changes;

    /**
     * Creates an instance for a class that has not recovered.
     *
     * @param events returns the number of durable events of the class
     */
    ClassPublisher(int index, ClassLearning learning, LongSupplier events, ActorRef<ClassReport> supervisor) {
        this.index = index;
        this.learning = learning;
        this.events = events;
        this.supervisor = supervisor;
    }

    void recovered(ClassState state) {
        epoch++;
        publish(state);
    }

    /** Tells the supervisor what the class is now. */
    ClassInfo publish(ClassState state) {
        changes++;
        ClassInfo info = info(state);
        supervisor.tell(info);
        return info;
    }

    /** What the class is now, with the version that was published last. */
    ClassInfo info(ClassState state) {
        return learning.info(state, new ClassInfo.Version(epoch, events.getAsLong(), changes));
    }

    /** Replies to a question. */
    void answer(ClassCommand.Question question, ClassState state) {
        switch (question) {
            case ClassCommand.GetInfo(var replyTo) -> replyTo.tell(info(state));
            case ClassCommand.GetTestImages(var replyTo) ->
                replyTo.tell(new ClassActor.Images(state.testImages().images()));
            case ClassCommand.GetRealImages request ->
                request.replyTo().tell(state.imagesFor(request, info(state).label()));
        }
    }

    void failed(Throwable failure) {
        supervisor.tell(new ClassReport.Failed(index, StoreFailure.of(failure), Asks.reasonOf(failure)));
    }
}
