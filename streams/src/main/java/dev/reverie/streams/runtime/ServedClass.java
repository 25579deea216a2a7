package dev.reverie.streams.runtime;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.gpu.coded.CodedImages;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The images of a class that clients get. They are coded when they are first read, because that takes long, or prepared
 * before if their predecessors were read. Only their picture is kept then: the learned floats and the decoded images
 * stay until the heap is short. Thread safe; compared by identity.
 */
final class ServedClass {

    private final int index;
    private final ImageShape shape;
    private final int count;
    private final Coding coding;
    private final String digest;
    private final SoftReference<ImageBatch> average;
    /** The learned images, until they are coded. */
    private Optional<ImageBatch> uncoded;

    /** The quality of the last images of the class that were coded, which is about that of these. */
    private final int expectedQuality;

    private final boolean isExpected;
    private boolean isRead;
    private Optional<CodedImages> coded = Optional.empty();
    private SoftReference<ImageBatch> decoded = new SoftReference<>(null);

    /**
     * Takes the images from what a class has replied.
     *
     * @param predecessor the images that it has replied before
     */
    ServedClass(ClassActor.Average replied, Coding coding, Optional<ServedClass> predecessor) {
        this.expectedQuality = predecessor.map(ServedClass::quality).orElse(coding.quality());
        this.isExpected = predecessor.filter(ServedClass::isRead).isPresent();
        this.index = replied.classIndex();
        this.shape = replied.images().shape();
        this.count = replied.images().count();
        this.coding = coding;
        this.average = new SoftReference<>(replied.images());
        this.uncoded = Optional.of(replied.images());
        MessageDigest sha = DigestUtils.getSha256Digest();
        sha.update(replied.images().clamped().toBytes());
        this.digest = DigestUtils.sha256Hex(sha.digest((coding + "|" + count).getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether these are the images that a class has replied, and not only equal ones. */
    boolean isOf(ClassActor.Average replied, Coding by) {
        return average.refersTo(replied.images()) && coding.equals(by);
    }

    int index() {
        return index;
    }

    ImageShape shape() {
        return shape;
    }

    List<Integer> labels() {
        return Collections.nCopies(count, index);
    }

    /** Digest of the learned images and their coding, and so of the picture. */
    String digest() {
        return digest;
    }

    /** Codes and decodes the images, so that no reader waits for that, unless nobody has read their predecessors. */
    void prepare() {
        if (isExpected) {
            decode();
        }
    }

    private synchronized boolean isRead() {
        return isRead;
    }

    private synchronized int quality() {
        return coded.map(CodedImages::quality).orElse(expectedQuality);
    }

    /** The picture of the images. */
    synchronized CodedImages coded() {
        isRead = true;
        return encode();
    }

    private synchronized CodedImages encode() {
        if (coded.isEmpty()) {
            coded = uncoded.map(images -> coding.encode(images.clamped(), expectedQuality));
            uncoded = Optional.empty();
        }
        return coded.orElseThrow();
    }

    /** Size of the picture in bytes; empty if the images are not coded yet. */
    synchronized OptionalLong codedBytes() {
        return coded.stream().mapToLong(CodedImages::size).findFirst();
    }

    private synchronized ImageBatch decoded() {
        isRead = true;
        return decode();
    }

    private synchronized ImageBatch decode() {
        ImageBatch known = decoded.get();
        if (known == null) {
            known = encode().decoded();
            decoded = new SoftReference<>(known);
        }
        return known;
    }

    /** The stored images to which the picture decodes. */
    ImageBatch stored() {
        return ImageBatch.computed(
                shape, count, Dtype.UINT8, indices -> decoded().pick(indices));
    }

    /** The stored images as they were learned, in floats; as they are decoded if the heap had no room. */
    ImageBatch learned() {
        return ImageBatch.computed(shape, count, Dtype.FLOAT32, indices -> floats().pick(indices));
    }

    private ImageBatch floats() {
        return Optional.ofNullable(average.get()).map(ImageBatch::clamped).orElseGet(() -> decoded()
                .as(Dtype.FLOAT32));
    }
}
