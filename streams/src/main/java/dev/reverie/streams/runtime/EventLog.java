package dev.reverie.streams.runtime;

import dev.reverie.streams.service.ServiceEvent;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;

/**
 * Stores the last 1,000 events and streams new ones to readers. A slow reader misses the oldest of the events that it
 * has not read yet, and does not delay others. Thread safe.
 */
final class EventLog {

    private static final int MAX_EVENTS = 1000;
    private static final int READER_BUFFER = 256;
    /**
     * The numbers follow the clock, so that they are higher after a restart than before it, and so that a client of a
     * cluster can go on at another node, provided that the service publishes fewer than this many events per
     * millisecond.
     */
    private static final long NUMBERS_PER_MILLI = 1000;

    private final Deque<ServiceEvent> events = new ArrayDeque<>();
    private final Set<SourceQueueWithComplete<ServiceEvent>> readers = ConcurrentHashMap.newKeySet();
    private final InstantSource clock;
    private long last;

    EventLog(InstantSource clock) {
        this.clock = clock;
        last = clock.millis() * NUMBERS_PER_MILLI;
    }

    synchronized void publish(ServiceEvent.Kind kind, Map<String, Object> fields) {
        last = Math.max(last + 1, clock.millis() * NUMBERS_PER_MILLI);
        ServiceEvent event = new ServiceEvent(last, kind, clock.instant(), fields);
        events.addLast(event);
        if (events.size() > MAX_EVENTS) {
            events.removeFirst();
        }
        readers.forEach(reader -> reader.offer(event));
    }

    /**
     * Returns the stored events after the given number, and then all new events. Without a number, returns only events
     * that are published after this call.
     */
    synchronized Source<ServiceEvent, NotUsed> after(Optional<Long> number) {
        long read = number.orElse(last);
        return Source.fromMaterializer((materializer, _) -> reader(read, materializer))
                .mapMaterializedValue(_ -> NotUsed.getInstance());
    }

    /** Adds a reader when its stream starts, so that a response that is never sent leaves none behind. */
    private synchronized Source<ServiceEvent, NotUsed> reader(long read, Materializer materializer) {
        List<ServiceEvent> missed =
                events.stream().filter(event -> event.number() > read).toList();
        Pair<SourceQueueWithComplete<ServiceEvent>, Source<ServiceEvent, NotUsed>> reader = Source.<ServiceEvent>queue(
                        READER_BUFFER, OverflowStrategy.dropHead())
                .preMaterialize(materializer);
        readers.add(reader.first());
        reader.first().watchCompletion().whenComplete((done, failure) -> readers.remove(reader.first()));
        return Source.from(missed).concat(reader.second());
    }
}
