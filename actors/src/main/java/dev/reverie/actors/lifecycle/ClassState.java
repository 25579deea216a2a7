package dev.reverie.actors.lifecycle;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.FingerprintWindow;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The durable state of a class but for its learned images, computed by applying all events of the class. Immutable.
 *
 * @param phase phase of the class, COLLECTING at first
 * @param seen number of samples so far; also the ordinal of the next sample
 * @param reservoir uniform random sample of the images from which the class learns
 * @param testImages uniform random sample of the images that are set aside, from which the class never learns
 * @param window fingerprints of the most recent samples
 * @param sealRequested whether the class is to be sealed as soon as it converges; false for a sealed class
 */
@RecordBuilder
@RecordBuilder.Options(addClassRetainedGenerated = true, addFunctionalMethodsToWith = false)
public record ClassState(
        ClassPhase phase,
        long seen,
        Reservoir reservoir,
        Reservoir testImages,
        FingerprintWindow window,
        boolean sealRequested)
        implements ClassStateBuilder.With {

    /** Size of the images in a message, beyond which it gets no further ones, in bytes. */
    private static final long MESSAGE_BYTES = 4L << 20;

    /**
     * The state of a class before its first event. It has no capacity yet.
     *
     * @param reservoirKey seed of the random choices of the reservoir and of the test images
     */
    static ClassState empty(long reservoirKey) {
        return new ClassState(
                ClassPhase.COLLECTING,
                0,
                Reservoir.empty(reservoirKey, 0),
                Reservoir.empty(reservoirKey, 0),
                FingerprintWindow.ofCapacity(0),
                false);
    }

    ClassState after(ClassEvent event) {
        return switch (event) {
            case ClassEvent.SamplesAdded added -> {
                ClassState fresh = withoutOld(added.expiry(), added.arrived());
                yield fresh.with()
                        .seen(added.first() + added.fingerprints().size())
                        .reservoir(fresh.reservoir.with(added.chosen()))
                        .testImages(fresh.testImages.with(added.testImages()))
                        .window(window.with(added.fingerprints()))
                        .build();
            }
            case ClassEvent.SampleWithdrawn(var ordinals) ->
                withReservoir(reservoir.without(ordinals)).withTestImages(testImages.without(ordinals));
            case ClassEvent.ImagesLearned _ -> this; // they are in ClassLearning
            case ClassEvent.PhaseEntered(var next) ->
                next == ClassPhase.SEALED ? resized(0, 0).withPhase(next).withSealRequested(false) : withPhase(next);
            case ClassEvent.SealRequested(var requested) -> withSealRequested(requested);
            case ClassEvent.CapacityChanged(var capacity) -> {
                ClassState resized =
                        phase == ClassPhase.SEALED ? this : resized(capacity.images(), capacity.testImages());
                yield resized.withWindow(window.resized(capacity.fingerprints()));
            }
        };
    }

    /** The ordinals of the samples with this hash of their id, as far back as the window reaches. */
    List<Long> ordinalsOf(long id) {
        FingerprintBlock recent = window.all();
        long first = seen - recent.size();
        return IntStream.range(0, recent.size())
                .filter(i -> recent.id(i) == id)
                .mapToObj(i -> first + i)
                .toList();
    }

    /** Whether the class has the sample with this hash of its id. */
    ClassCommand.Withdrawal withdrawal(long id) {
        List<Long> ordinals = ordinalsOf(id);
        if (ordinals.isEmpty()) {
            return ClassCommand.Withdrawal.UNKNOWN;
        }
        boolean remains = reservoir.without(ordinals) != reservoir || testImages.without(ordinals) != testImages;
        return remains ? ClassCommand.Withdrawal.REFUSED : ClassCommand.Withdrawal.DONE;
    }

    /**
     * The real images for another class. A sample without an id is one without an id there too.
     *
     * @param label name of this class
     */
    ClassCommand.RealImages imagesFor(ClassCommand.GetRealImages request, String label) {
        FingerprintBlock recent = window.all();
        long first = seen - recent.size();
        List<SampleFingerprint> fingerprints = new ArrayList<>();
        List<Image> images = new ArrayList<>();
        long bytes = 0;
        for (ReservoirImage each : Stream.of(reservoir, testImages)
                .flatMap(some -> some.entries().stream())
                .filter(some -> some.ordinal() >= request.from())
                .sorted(Comparator.comparingLong(ReservoirImage::ordinal))
                .toList()) {
            if (bytes > MESSAGE_BYTES) {
                return new ClassCommand.RealImages(FingerprintBlock.of(fingerprints), images, each.ordinal());
            }
            Image image = each.image();
            fingerprints.add(
                    each.ordinal() < first
                            ? SampleFingerprint.of(request.label(), Optional.empty(), image)
                            : fingerprint(recent, (int) (each.ordinal() - first), image, label, request.label()));
            images.add(image);
            bytes += image.shape().size();
        }
        return new ClassCommand.RealImages(FingerprintBlock.of(fingerprints), images, seen);
    }

    /**
     * Returns the fingerprint that a recent sample would have in another class. It is that of the image as it was sent,
     * which was grey if the class has a fingerprint of the grey image.
     */
    private static SampleFingerprint fingerprint(
            FingerprintBlock recent, int index, Image stored, String label, String otherLabel) {
        SampleFingerprint ofGrey = SampleFingerprint.of(label, Optional.empty(), stored.withChannels(1));
        boolean wasGrey = ofGrey.content() == recent.content(index);
        Image sent = wasGrey ? stored.withChannels(1) : stored;
        SampleFingerprint here = wasGrey ? ofGrey : SampleFingerprint.of(label, Optional.empty(), stored);
        SampleFingerprint there = SampleFingerprint.of(otherLabel, Optional.empty(), sent);
        boolean hasId = recent.id(index) != here.id();
        return hasId ? new SampleFingerprint(recent.id(index), there.content()) : there;
    }

    /**
     * The same state without the real images that are too old when others arrive.
     *
     * @param now time at which the others arrive
     */
    ClassState withoutOld(Optional<MaxAge.Expiry> expiry, Instant now) {
        return expiry.map(old -> withReservoir(reservoir.without(old.before(), old.images(), now))
                        .withTestImages(testImages.without(old.before(), old.testImages(), now)))
                .orElse(this);
    }

    /** The same state with other maximum numbers of real images. */
    private ClassState resized(int images, int tests) {
        return withReservoir(reservoir.resized(images)).withTestImages(testImages.resized(tests));
    }

    /**
     * Whether the class has this capacity already; for a sealed class, which has no images, only the fingerprints
     * count.
     */
    boolean has(ClassCapacity capacity) {
        return window.capacity() == capacity.fingerprints()
                && (phase == ClassPhase.SEALED
                        || (reservoir.capacity() == capacity.images()
                                && testImages.capacity() == capacity.testImages()));
    }

    /** The capacity; empty before the first samples and for a sealed class. */
    Optional<ClassCapacity> capacity() {
        return reservoir.capacity() == 0
                ? Optional.empty()
                : Optional.of(new ClassCapacity(reservoir.capacity(), testImages.capacity(), window.capacity()));
    }

    /** Approximate size of a snapshot in the store without the learned images, in bytes. */
    long storedBytes() {
        return StoredSizes.ROW
                + StoredSizes.of(reservoir.entries())
                + StoredSizes.of(testImages.entries())
                + StoredSizes.of(window.size());
    }
}
