package dev.reverie.actors.lifecycle;

import dev.reverie.actors.deduplication.DuplicateIndex;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.lifecycle.ClassReply.Examined;
import dev.reverie.actors.lifecycle.ClassReply.Finding;
import dev.reverie.actors.telemetry.ClassPhase;
import it.unimi.dsi.fastutil.longs.LongList;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The ids that a class knows: those of its last durable samples, those that deliveries have reserved, and those of the
 * samples that are being stored. Ids belong to their class: another class may have the same. Not thread safe; one
 * {@link DurableClassActor} owns it.
 */
final class ClassIds {

    private final int label;
    private final DuplicateIndex durable = new DuplicateIndex();
    private final Reservations reservations = new Reservations();
    /** The samples that are being stored. */
    private Optional<ClassCommand.Commit> storing = Optional.empty();

    ClassIds(int label) {
        this.label = label;
    }

    /** Reads the fingerprints of a recovered class, and drops all reservations. */
    void onRecovered(ClassState state) {
        reservations.clear();
        durable.clear();
        durable.add(state.window().all(), state.window().recognised());
    }

    /**
     * Examines samples and, if the class can store them, reserves the ids of those that are new.
     *
     * @param sealing whether the class is to be sealed next
     */
    Examined reserve(ClassCommand.Reserve request, ClassPhase phase, boolean sealing, Instant now) {
        DuplicateIndex.Examination examination = durable.examine(request.fingerprints());
        List<Integer> fresh = examination.fresh();
        if (phase == ClassPhase.SEALED && !fresh.isEmpty()) {
            return reply(request, Finding.SEALED, fresh.subList(0, 1));
        }
        if (examination.conflict().isPresent()) {
            return reply(
                    request, Finding.CONFLICT, List.of(examination.conflict().getAsInt()));
        }
        if (sealing && !fresh.isEmpty()) {
            return reply(request, Finding.SEALING, List.of());
        }
        LongList ids =
                LongList.of(fresh.stream().mapToLong(request.fingerprints()::id).toArray());
        return reservations.reserve(request.delivery(), ids, now)
                ? reply(request, Finding.RESERVED, fresh)
                : reply(request, Finding.BUSY, List.of());
    }

    private Examined reply(ClassCommand.Reserve request, Finding finding, List<Integer> samples) {
        return new Examined(request.delivery(), label, finding, samples);
    }

    /** Whether a delivery has reserved ids. */
    boolean areReserved(Instant now) {
        return !reservations.isEmpty(now);
    }

    /** Ends the reservation of a delivery. */
    void release(UUID delivery) {
        reservations.remove(delivery);
    }

    /**
     * Begins to store samples, whoever has reserved their ids, or replies that the class does not store them.
     *
     * @param epoch epoch since the last recovery
     * @return whether the class stores the samples
     */
    boolean store(ClassCommand.Commit commit, ClassState state, long epoch) {
        release(commit.delivery());
        storing = Optional.of(commit);
        boolean accepts =
                commit.epoch() == epoch && state.phase() != ClassPhase.SEALED && areNew(commit.fingerprints());
        if (!accepts) {
            reply(false);
        }
        return accepts;
    }

    private boolean areNew(FingerprintBlock samples) {
        return durable.examine(samples).fresh().size() == samples.size();
    }

    /** Tag of the transaction of the samples that are being stored. */
    Optional<String> transaction() {
        return storing.flatMap(ClassCommand.Commit::transaction);
    }

    /** Replies that the samples are durable, and knows them from now on. */
    void onStored(ClassState after) {
        storing.ifPresent(
                commit -> durable.add(commit.fingerprints(), after.window().recognised()));
        reply(true);
    }

    /** Replies that a write has failed, if it was one of samples. */
    void onFailure() {
        reply(false);
    }

    private void reply(boolean stored) {
        storing.ifPresent(commit -> commit.replyTo().tell(new ClassReply.Committed(commit.delivery(), label, stored)));
        storing = Optional.empty();
    }

    /** Forgets the oldest samples that the class need not recognise any longer. */
    void trim(ClassState after) {
        durable.trim(after.window().recognised());
    }
}
