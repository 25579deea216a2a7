package dev.reverie.actors.cluster;

import dev.reverie.actors.telemetry.ClassMoves;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/** The classes that live on this node. Thread safe. */
final class LocalClasses {

    private final Set<Integer> indices = ConcurrentHashMap.newKeySet();
    private final List<IntConsumer> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder arrived = new LongAdder();
    private final LongAdder handedOver = new LongAdder();
    private final LongAdder fenced = new LongAdder();

    /** Notes that the actor of a class has started here. */
    void arrive(int classIndex) {
        if (indices.add(classIndex)) {
            arrived.increment();
        }
    }

    /** Notes that a class leaves for another node. Called before the class is saved; later visits are dropped. */
    void handOver(int classIndex) {
        if (depart(classIndex)) {
            handedOver.increment();
        }
    }

    /** Notes that the store has rejected a write of a class, because another node has started it. */
    void fence(int classIndex) {
        if (depart(classIndex)) {
            fenced.increment();
        }
    }

    /** Notes that the actor of a class stops here, and tells the listeners; returns whether it was here. */
    boolean depart(int classIndex) {
        boolean present = indices.remove(classIndex);
        if (present) {
            listeners.forEach(listener -> listener.accept(classIndex));
        }
        return present;
    }

    boolean contains(int classIndex) {
        return indices.contains(classIndex);
    }

    void onDeparture(IntConsumer listener) {
        listeners.add(listener);
    }

    ClassMoves moves() {
        return new ClassMoves(indices.size(), arrived.sum(), handedOver.sum(), fenced.sum());
    }
}
