package dev.reverie.actors.lifecycle;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events with which a class answers a command, given its state. No events mean that nothing changes. */
final class ClassDecisions {

    private ClassDecisions() {}

    /**
     * Adds new samples to a class that is not sealed. Each sample is offered to the reservoir or set aside for testing.
     *
     * @param fingerprints one fingerprint for each image
     * @param setup decides which samples are set aside and which earlier images leave
     * @param initialCapacity capacity of a class without samples
     * @param now time at which the samples arrive
     */
    static List<ClassEvent> addSamples(
            ClassState state,
            FingerprintBlock fingerprints,
            List<Image> images,
            ClassSetup setup,
            ClassCapacity initialCapacity,
            Instant now) {
        List<ClassEvent> events = new ArrayList<>();
        ClassState ready = state;
        if (state.capacity().isEmpty()) {
            events.add(new ClassEvent.CapacityChanged(initialCapacity));
            ready = state.after(events.getFirst());
        }
        events.add(samplesAdded(ready, fingerprints, images, setup, now));
        return events;
    }

    private static ClassEvent samplesAdded(
            ClassState state, FingerprintBlock fingerprints, List<Image> images, ClassSetup setup, Instant now) {
        List<ReservoirImage> learned = new ArrayList<>();
        List<ReservoirImage> tests = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            long ordinal = state.seen() + i;
            boolean isTest = setup.testShare().contains(ordinal, fingerprints.content(i));
            (isTest ? tests : learned).add(new ReservoirImage(ordinal, images.get(i), now));
        }
        Optional<MaxAge.Expiry> expiry = setup.maxAge().map(maxAge -> maxAge.at(now));
        ClassState fresh = state.withoutOld(expiry, now);
        return new ClassEvent.SamplesAdded(
                state.seen(),
                now,
                expiry,
                fingerprints,
                fresh.reservoir().choose(learned),
                fresh.testImages().choose(tests));
    }

    /**
     * Withdraws a sample, unless the reservoir would then be empty. If the class has recognised the id twice, because
     * it had left the window in between, both samples go.
     *
     * @param id hash of the id
     */
    static List<ClassEvent> withdraw(ClassState state, long id) {
        ClassEvent.SampleWithdrawn event = new ClassEvent.SampleWithdrawn(state.ordinalsOf(id));
        ClassState after = state.after(event);
        boolean isEmptied = after.reservoir().size() == 0 && state.reservoir().size() > 0;
        return after.equals(state) || isEmptied ? List.of() : List.of(event);
    }

    static List<ClassEvent> changeCapacity(ClassState state, ClassCapacity capacity) {
        return state.seen() == 0 || state.has(capacity) ? List.of() : List.of(new ClassEvent.CapacityChanged(capacity));
    }

    static List<ClassEvent> enterPhase(ClassState state, ClassPhase phase) {
        return phase == ClassPhase.SEALED || state.phase() == ClassPhase.SEALED || state.phase() == phase
                ? List.of()
                : List.of(new ClassEvent.PhaseEntered(phase));
    }

    /**
     * Starts to distil a class that still collects samples.
     *
     * @param initial the images with which the class starts
     */
    static List<ClassEvent> initialise(LearnedImages initial) {
        return List.of(new ClassEvent.ImagesLearned(initial), new ClassEvent.PhaseEntered(ClassPhase.DISTILLING));
    }

    /** Requests that the class is sealed as soon as it converges, or cancels the request. */
    static List<ClassEvent> requestSeal(ClassState state, boolean requested) {
        return state.phase() == ClassPhase.SEALED || state.sealRequested() == requested
                ? List.of()
                : List.of(new ClassEvent.SealRequested(requested));
    }

    /**
     * Seals a class that is not sealed.
     *
     * @param latest the images that the class has then; empty if it has none
     */
    static List<ClassEvent> seal(Optional<LearnedImages> latest) {
        List<ClassEvent> events = new ArrayList<>();
        latest.ifPresent(learned -> events.add(new ClassEvent.ImagesLearned(learned)));
        events.add(new ClassEvent.PhaseEntered(ClassPhase.SEALED));
        return events;
    }
}
