package dev.reverie.streams.service;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.synthetic.StoredSet;
import java.lang.ref.SoftReference;
import java.time.Instant;
import java.util.Optional;

/** The memory at one point in time. Thread safe. */
public final class MemoryView {

    private final String version;
    private final StoredSet learned;
    private final DistilledSet set;
    private final Instant changed;

    /** The memory in floats, if a client has asked for them; they are large, so they go before the heap runs out. */
    private Optional<SoftReference<DistilledSet>> floats = Optional.empty();

    private MemoryView(String version, StoredSet learned, DistilledSet set, Instant changed) {
        this.version = version;
        this.learned = learned;
        this.set = set;
        this.changed = changed;
    }

    /**
     * Creates the view of a learned set.
     *
     * @param version hash of the learned set and its bits, so equal sets have equal versions, even after a restart;
     *     consists of letters, digits, '.' and '-', because it is part of an entity tag
     * @param learned a set whose stored images are floats in [0, 1]
     * @param bits bits per value of its stored images
     * @param changed time at which this process first saw the memory with this version
     */
    public static MemoryView of(String version, StoredSet learned, Bits bits, Instant changed) {
        return new MemoryView(version, learned, learned.in(bits).decoded(), changed);
    }

    /** The part of entity tags that tells this memory from others. */
    public String version() {
        return version;
    }

    /** The memory in bytes, as it is handed out and evaluated; its stored images can be packed. */
    public DistilledSet set() {
        return set;
    }

    /** The time at which this process first saw the memory with this version. */
    public Instant changed() {
        return changed;
    }

    /** Returns the memory with values of the given type: in bytes, or in floats as it is learned. */
    public DistilledSet as(Dtype dtype) {
        return dtype == Dtype.UINT8 ? set : floats();
    }

    private synchronized DistilledSet floats() {
        DistilledSet decoded =
                floats.flatMap(kept -> Optional.ofNullable(kept.get())).orElseGet(learned::decoded);
        floats = Optional.of(new SoftReference<>(decoded));
        return decoded;
    }
}
