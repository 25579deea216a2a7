package dev.reverie.streams.runtime;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.synthetic.StoredSet;
import dev.reverie.streams.service.MemoryService.MemoryView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Creates views of the memory. A view refers to the images of its classes, and decodes an image when it is read, so
 * that the heap holds no second copy of them. Thread safe.
 */
final class MemoryViews {

    private static final int VERSION_BYTES = 10;

    private final Bits bits;
    private final InstantSource clock;
    private volatile Optional<Created> last = Optional.empty();

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
     * What a memory consists of.
     *
     * @param served the images of at least one class, in the order of the indices of the classes
     * @param classes all classes of the memory, including any without images
     */
    record Parts(List<ServedClass> served, ClassList classes, int factor, Normalisation normalisation) {
        Parts {
            served = List.copyOf(served);
        }
    }

    private record Created(Parts parts, MemoryView view) {}

    /**
     * Returns the view of a memory: the last one if it has the same parts, and one of the same version and time if the
     * memory has not changed.
     */
    MemoryView of(Parts parts) {
        Optional<Created> previous = last;
        return previous.filter(known -> known.parts().equals(parts))
                .map(Created::view)
                .orElseGet(() -> {
                    MemoryView view = view(parts, previous.map(Created::view));
                    last = Optional.of(new Created(parts, view));
                    return view;
                });
    }

    private MemoryView view(Parts parts, Optional<MemoryView> previous) {
        String version = version(parts);
        Instant changed = previous.filter(known -> known.version().equals(version))
                .map(MemoryView::changed)
                .orElseGet(clock::instant);
        return new MemoryView(version, set(parts, ServedClass::stored), set(parts, ServedClass::learned), changed);
    }

    private static DistilledSet set(Parts parts, Function<ServedClass, ImageBatch> images) {
        return new StoredSet(
                        ImageBatch.chain(parts.served().stream().map(images).toList()),
                        labels(parts),
                        parts.factor(),
                        parts.normalisation(),
                        parts.classes())
                .decodedOnDemand();
    }

    private static List<Integer> labels(Parts parts) {
        return parts.served().stream()
                .flatMap(served -> served.labels().stream())
                .toList();
    }

    /** Returns a digest of the memory and its bits. Equal memories have equal versions, even after a restart. */
    private String version(Parts parts) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        parts.served().forEach(served -> digest.update(served.digest().getBytes(StandardCharsets.UTF_8)));
        String rest = labels(parts) + "|" + parts.classes() + "|" + parts.normalisation() + "|" + parts.factor()
                + (bits.packs() ? "|" + bits : "");
        digest.update(rest.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES);
    }
}
