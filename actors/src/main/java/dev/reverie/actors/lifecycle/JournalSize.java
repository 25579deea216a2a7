package dev.reverie.actors.lifecycle;

/** About how many bytes the journal of a class takes since its last snapshot. Not thread safe. */
final class JournalSize {

    /** A journal lighter than this is not worth a snapshot. */
    private static final long LIGHT = 1 << 20;

    private long bytes;

    void add(ClassEvent event) {
        bytes += event.weight();
    }

    /** A snapshot stands for all of it, or it is read, and weighed, again. */
    void reset() {
        bytes = 0;
    }

    /** It outweighs a snapshot, or holds real images that are to be dropped. */
    boolean isSnapshotDue(ClassState state, ClassEvent event) {
        boolean isSealed = event instanceof ClassEvent.PhaseEntered(var phase) && phase == ClassPhase.SEALED;
        return isSealed || bytes > Math.max(LIGHT, state.weight());
    }

    /** Whether it holds the real images of a class that has none any more. */
    boolean holdsDroppedImages(ClassState state) {
        return state.phase() == ClassPhase.SEALED && bytes > LIGHT / 16;
    }
}
