package dev.reverie.actors.cluster;

import dev.reverie.actors.lifecycle.ClassReport;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** The nodes that observe a class. A node is removed at the third tick after it was last added. Not thread safe. */
final class Observers {

    private static final int TICKS = 3;

    private final Map<ActorRef<ClassReport>, Integer> ticksLeft = new HashMap<>();

    void add(ActorRef<ClassReport> observer) {
        ticksLeft.put(observer, TICKS);
    }

    void onTick() {
        ticksLeft.replaceAll((_, left) -> left - 1);
        ticksLeft.values().removeIf(left -> left == 0);
    }

    void tell(ClassReport report) {
        ticksLeft.keySet().forEach(observer -> observer.tell(report));
    }
}
