package dev.reverie.streams.runtime;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.StoredSet;
import dev.reverie.streams.service.MemoryView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Creates views of the memory, and returns the last one as long as the memory does not change. It is then neither
 * packed nor decoded again, nor even assembled, if all classes have replied with the same batches. Thread safe.
 */
final class MemoryViews {

    private static final int VERSION_BYTES = 10;

    private final Bits bits;
    private final InstantSource clock;
    private volatile Optional<Assembled> last = Optional.empty();

    /**
     * Creates an instance without a view.
     *
     * @param bits bits per value of the stored images
     * @param clock tells when the memory has changed
     */
    MemoryViews(Bits bits, InstantSource clock) {
        this.bits = bits;
        this.clock = clock;
    }

    /**
     * What a memory is assembled from.
     *
     * @param images stored images by class index; equal only if they are the same batches
     */
    record Parts(Map<Integer, ImageBatch> images, ClassList classes, int factor, Normalisation normalisation) {
        Parts {
            images = Map.copyOf(images);
        }
    }

    private record Assembled(Parts parts, MemoryView view) {}

    /**
     * Returns the view of a memory.
     *
     * @param assembly assembles the memory from its parts; its images are floats in [0, 1]
     */
    MemoryView of(Parts parts, Supplier<StoredSet> assembly) {
        Optional<Assembled> previous = last;
        return previous.filter(known -> known.parts().equals(parts))
                .map(Assembled::view)
                .orElseGet(() -> {
                    MemoryView view = view(assembly.get(), previous.map(Assembled::view));
                    last = Optional.of(new Assembled(parts, view));
                    return view;
                });
    }

    private MemoryView view(StoredSet set, Optional<MemoryView> previous) {
        String version = version(set);
        return previous.filter(known -> known.version().equals(version))
                .orElseGet(() -> MemoryView.of(version, set, bits, clock.instant()));
    }

    /** Returns a digest of the set and its bits. Equal sets have equal versions, even after a restart. */
    private String version(StoredSet set) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        digest.update(set.images().toBytes());
        String rest = set.labels() + "|" + set.classes() + "|" + set.normalisation() + "|" + set.factor()
                + (bits.packs() ? "|" + bits : "");
        digest.update(rest.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES);
    }
}
