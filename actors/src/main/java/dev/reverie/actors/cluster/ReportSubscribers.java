package dev.reverie.actors.cluster;

import dev.reverie.actors.lifecycle.ClassReport;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The subscribers to the reports of a class. A subscriber is removed at the third tick after it was last added. Not
 * thread safe.
 */
final class ReportSubscribers {

    private static final int TICKS = 3;

    private final Map<ActorRef<ClassReport>, Integer> ticksLeft = new HashMap<>();

    void add(ActorRef<ClassReport> subscriber) {
        ticksLeft.put(subscriber, TICKS);
    }

    void onTick() {
        ticksLeft.replaceAll((_, left) -> left - 1);
        ticksLeft.values().removeIf(left -> left == 0);
    }

    void tell(ClassReport report) {
        ticksLeft.keySet().forEach(subscriber -> subscriber.tell(report));
    }
}
