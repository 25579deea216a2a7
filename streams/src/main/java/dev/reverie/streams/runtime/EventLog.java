package dev.reverie.streams.runtime;

import dev.reverie.streams.service.ServiceEvent;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;

/**
 * The last events, and whoever reads them as they come. A reader that is too slow misses the oldest ones; nobody waits
 * for it. Thread safe.
 */
final class EventLog {

    private static final int REMEMBERED = 1000;
    private static final int AHEAD_OF_A_READER = 256;
    /**
     * Numbers of one start are above those of the one before, as long as there are fewer events than this a
     * millisecond.
     */
    private static final long NUMBERS_PER_MILLI = 1000;

    private final Deque<ServiceEvent> remembered = new ArrayDeque<>();
    private final Set<SourceQueueWithComplete<ServiceEvent>> readers = ConcurrentHashMap.newKeySet();
    private final InstantSource clock;
    private long next;

    EventLog(InstantSource clock) {
        this.clock = clock;
        next = clock.millis() * NUMBERS_PER_MILLI;
    }

    synchronized void publish(ServiceEvent.Kind kind, Map<String, Object> fields) {
        ServiceEvent event = new ServiceEvent(next++, kind, clock.instant(), fields);
        remembered.addLast(event);
        if (remembered.size() > REMEMBERED) {
            remembered.removeFirst();
        }
        readers.forEach(reader -> reader.offer(event));
    }

    /** What happened after the event of that number, and what happens from now on. */
    synchronized Source<ServiceEvent, NotUsed> after(Optional<Long> number, ActorSystem<?> system) {
        List<ServiceEvent> missed = new ArrayList<>();
        number.ifPresent(last ->
                remembered.stream().filter(event -> event.number() > last).forEach(missed::add));
        Pair<SourceQueueWithComplete<ServiceEvent>, Source<ServiceEvent, NotUsed>> reader = Source.<ServiceEvent>queue(
                        AHEAD_OF_A_READER, OverflowStrategy.dropHead())
                .preMaterialize(system);
        readers.add(reader.first());
        reader.first().watchCompletion().whenComplete((done, failure) -> readers.remove(reader.first()));
        return Source.from(missed).concat(reader.second());
    }
}
