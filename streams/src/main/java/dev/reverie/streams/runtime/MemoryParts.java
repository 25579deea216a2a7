package dev.reverie.streams.runtime;

import dev.reverie.gpu.coded.CodedImages;
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
 * What a memory consists of. A view of it refers to the images of its classes, and decodes an image when it is read, so
 * that the heap holds no second copy of them.
 *
 * @param served the images of at least one class, in the order of the indices of the classes
 * @param classes all classes of the memory, including any without images
 */
record MemoryParts(List<ServedClass> served, ClassList classes, int factor, Normalisation normalisation) {

    private static final int VERSION_BYTES = 10;

    MemoryParts {
        served = List.copyOf(served);
    }

    /**
     * Returns a view of the memory.
     *
     * @param last the last view, whose time the new one has if the memory has not changed
     */
    MemoryView view(Optional<MemoryView> last, InstantSource clock) {
        String version = version();
        Instant changed = last.filter(known -> known.version().equals(version))
                .map(MemoryView::changed)
                .orElseGet(clock::instant);
        return new MemoryView(version, set(ServedClass::stored), set(ServedClass::learned), this::coded, changed);
    }

    private DistilledSet set(Function<ServedClass, ImageBatch> images) {
        return new StoredSet(
                        ImageBatch.chain(served.stream().map(images).toList()),
                        labels(),
                        factor,
                        normalisation,
                        classes)
                .decodedOnDemand();
    }

    private CodedImages coded(int classIndex) {
        return served.stream()
                .filter(each -> each.index() == classIndex)
                .findFirst()
                .orElseThrow()
                .coded();
    }

    private List<Integer> labels() {
        return served.stream().flatMap(each -> each.labels().stream()).toList();
    }

    /** Returns a digest of the memory. Equal memories have equal versions, even after a restart. */
    private String version() {
        MessageDigest digest = DigestUtils.getSha256Digest();
        served.forEach(each -> digest.update(each.digest().getBytes(StandardCharsets.UTF_8)));
        String rest = labels() + "|" + classes + "|" + normalisation + "|" + factor;
        digest.update(rest.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES);
    }
}
