package dev.reverie.actors.lifecycle;

import it.unimi.dsi.fastutil.longs.LongList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The ids that deliveries have reserved in a class. A reservation lasts for a few seconds and only in memory, since the
 * class examines all samples again before it stores them. Not thread safe.
 */
final class Reservations {

    private static final Duration LIFETIME = Duration.ofSeconds(5);

    private record Reservation(LongList ids, Instant since) {

        /** Whether its lifetime has passed, or the clock was set back by as much. */
        boolean isOld(Instant now) {
            return Duration.between(since, now).abs().compareTo(LIFETIME) >= 0;
        }
    }

    private final Map<UUID, Reservation> byDelivery = new LinkedHashMap<>();
    private final LongOpenHashSet reserved = new LongOpenHashSet();

    /** Whether no reservation is left. */
    boolean isEmpty(Instant now) {
        removeOld(now);
        return byDelivery.isEmpty();
    }

    /**
     * Reserves ids for a delivery, in place of those that it has reserved before, or none if another has one of them.
     */
    boolean reserve(UUID delivery, LongList ids, Instant now) {
        removeOld(now);
        remove(delivery);
        boolean free = ids.longStream().noneMatch(reserved::contains);
        if (free && !ids.isEmpty()) {
            byDelivery.put(delivery, new Reservation(ids, now));
            reserved.addAll(ids);
        }
        return free;
    }

    /** Ends the reservation of a delivery, if it has one. */
    void remove(UUID delivery) {
        Optional.ofNullable(byDelivery.remove(delivery)).ifPresent(ended -> reserved.removeAll(ended.ids()));
    }

    private void removeOld(Instant now) {
        Iterator<Reservation> oldest = byDelivery.values().iterator();
        while (oldest.hasNext()) {
            Reservation reservation = oldest.next();
            if (!reservation.isOld(now)) {
                return;
            }
            oldest.remove();
            reserved.removeAll(reservation.ids());
        }
    }

    /** Ends all reservations. */
    void clear() {
        byDelivery.clear();
        reserved.clear();
    }
}
