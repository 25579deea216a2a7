package dev.reverie.streams.http;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps count of the bytes of deliveries that are not answered yet, or of answers that are not sent, so that they never
 * grow beyond a limit. Thread safe.
 */
final class ByteBudget {

    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    ByteBudget(long most) {
        this.most = most;
    }

    /** How many there are. */
    long bytes() {
        return bytes.get();
    }

    /** Begins something of which nothing is in hand yet, unless so many bytes would be too many. */
    Optional<Hold> begin(long expected) {
        return isRoom(bytes.get(), expected) ? Optional.of(new Hold()) : Optional.empty();
    }

    /** What comes alone is let through whatever its size, or it never would be. */
    private boolean isRoom(long before, long more) {
        return before == 0 || before + more <= most;
    }

    private boolean add(long more) {
        long before = bytes.get();
        while (isRoom(before, more)) {
            if (bytes.compareAndSet(before, before + more)) {
                return true;
            }
            before = bytes.get();
        }
        return false;
    }

    /** The bytes of one delivery or answer. */
    final class Hold {

        private long held;
        private boolean released;

        /** Goes on with so many bytes more, unless that would be too many, or it is released. */
        synchronized boolean grow(long more) {
            return resize(held + more);
        }

        /** Goes over to another number of bytes, unless that would be too many, or it is released. */
        synchronized boolean resize(long wanted) {
            long more = wanted - held;
            if (released || (more > 0 && !add(more))) {
                return false;
            }
            if (more < 0) {
                bytes.addAndGet(more);
            }
            held = wanted;
            return true;
        }

        /** Gives back what is held; again, nothing. */
        synchronized void release() {
            bytes.addAndGet(-held);
            held = 0;
            released = true;
        }
    }
}
