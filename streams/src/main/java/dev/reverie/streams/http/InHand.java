package dev.reverie.streams.http;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps count of the bytes of deliveries that are not answered yet, so that they never grow beyond a limit. Thread
 * safe.
 */
final class InHand {

    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    InHand(long most) {
        this.most = most;
    }

    /** Takes a number of bytes in hand, unless that would be too many. */
    Optional<Hold> take(long wanted) {
        return add(wanted) ? Optional.of(new Hold(wanted)) : Optional.empty();
    }

    private boolean add(long more) {
        long before = bytes.get();
        while (before + more <= most) {
            if (bytes.compareAndSet(before, before + more)) {
                return true;
            }
            before = bytes.get();
        }
        return false;
    }

    /** The bytes of one delivery. */
    final class Hold {

        private final AtomicLong held;

        private Hold(long held) {
            this.held = new AtomicLong(held);
        }

        /** Goes over to another number of bytes, unless that would be too many. Not while it is released. */
        boolean resize(long wanted) {
            long more = wanted - held.get();
            if (more > 0 && !add(more)) {
                return false;
            }
            if (more < 0) {
                bytes.addAndGet(more);
            }
            held.addAndGet(more);
            return true;
        }

        /** Gives back what is held; again, nothing. */
        void release() {
            bytes.addAndGet(-held.getAndSet(0));
        }
    }
}
