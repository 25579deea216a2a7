package dev.reverie.streams.runtime;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.synthetic.DeadZone;
import java.lang.ref.SoftReference;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The images of a class that clients get. Keeps the learned floats only until the heap is short: they take four times
 * as much memory, and clients seldom ask for them. Immutable; compared by identity.
 */
final class ServedClass {

    private final int index;
    private final ImageBatch stored;
    private final SoftReference<ImageBatch> average;
    private final DeadZone deadZone;
    private final String digest;

    /**
     * Takes the images from what a class has replied.
     *
     * @param bits bits per value of the stored images
     */
    ServedClass(ClassActor.Average average, Bits bits, DeadZone deadZone) {
        ImageBatch learned = deadZone.appliedTo(average.images());
        this.index = average.classIndex();
        this.stored = learned.in(bits);
        this.average = new SoftReference<>(average.images());
        this.deadZone = deadZone;
        this.digest = DigestUtils.sha256Hex(learned.toBytes());
    }

    /** Whether these are the images that a class has replied, and not only equal ones. */
    boolean isOf(ClassActor.Average replied) {
        return average.refersTo(replied.images());
    }

    int index() {
        return index;
    }

    ImageBatch stored() {
        return stored;
    }

    List<Integer> labels() {
        return Collections.nCopies(stored.count(), index);
    }

    String digest() {
        return digest;
    }

    /** The stored images as they were learned, in floats; rounded as they are stored if the heap had no room. */
    ImageBatch learned() {
        return ImageBatch.computed(stored.shape(), stored.count(), Dtype.FLOAT32, indices -> floats().pick(indices));
    }

    private ImageBatch floats() {
        return Optional.ofNullable(average.get()).map(deadZone::appliedTo).orElseGet(() -> stored.as(Dtype.FLOAT32));
    }
}
