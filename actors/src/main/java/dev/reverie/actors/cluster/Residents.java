package dev.reverie.actors.cluster;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;

/** The classes that live on this node. Thread safe. */
final class Residents {

    private final Set<Integer> labels = ConcurrentHashMap.newKeySet();
    private final List<IntConsumer> listeners = new CopyOnWriteArrayList<>();

    void arrive(int label) {
        labels.add(label);
    }

    /** Notes that the actor of a class stops here, and tells the listeners. */
    void depart(int label) {
        if (labels.remove(label)) {
            listeners.forEach(listener -> listener.accept(label));
        }
    }

    boolean contains(int label) {
        return labels.contains(label);
    }

    void onDeparture(IntConsumer listener) {
        listeners.add(listener);
    }
}
