package dev.reverie.streams.http;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Limits the number of bytes that pending requests, or responses that are being sent, hold in memory. Thread safe. */
final class ByteBudget {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    ByteBudget(long limit) {
        this.limit = limit;
    }

    long limit() {
        return limit;
    }

    long used() {
        return used.get();
    }

    /** Opens a reservation of these bytes. Returns empty if they would exceed the limit. */
    Optional<Reservation> reserve(long bytes) {
        return open(bytes).filter(opened -> opened.grow(bytes));
    }

    /** Opens a reservation of no bytes. Returns empty if reserving the expected bytes would exceed the limit. */
    Optional<Reservation> open(long expected) {
        return fits(used.get(), expected) ? Optional.of(new Reservation()) : Optional.empty();
    }

    /**
     * Lets the first bytes of a reservation exceed the limit while nothing is reserved: a larger answer could never be
     * sent otherwise. A reservation that has bytes already cannot grow beyond the limit.
     */
    private boolean fits(long before, long more) {
        return before == 0 || before + more <= limit;
    }

    private boolean take(long more) {
        long before = used.get();
        while (fits(before, more)) {
            if (used.compareAndSet(before, before + more)) {
                return true;
            }
            before = used.get();
        }
        return false;
    }

    /** The reserved bytes of one request or response. */
    final class Reservation {

        private long reserved;
        private boolean released;

        /** Reserves more bytes. Returns false if they would exceed the limit or the reservation has been released. */
        synchronized boolean grow(long more) {
            return resize(reserved + more);
        }

        /**
         * Changes the number of bytes. Returns false if they would exceed the limit or the reservation has been
         * released.
         */
        synchronized boolean resize(long wanted) {
            long more = wanted - reserved;
            if (released || (more > 0 && !take(more))) {
                return false;
            }
            if (more < 0) {
                used.addAndGet(more);
            }
            reserved = wanted;
            return true;
        }

        /**
         * Changes the number of bytes to the actual size of what was estimated. Any size fits while nothing else is
         * reserved, but only as a whole. Returns false as {@link #resize} does.
         */
        synchronized boolean fit(long actual) {
            return resize(actual) || (resize(0) && resize(actual));
        }

        /** Returns the bytes to the budget. Further calls have no effect. */
        synchronized void release() {
            used.addAndGet(-reserved);
            reserved = 0;
            released = true;
        }
    }
}
