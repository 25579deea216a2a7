package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.DeliveredFile;
import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.intake.DeliveryOutcome.RefusedSample;
import dev.reverie.actors.lifecycle.ClassCommand;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A delivery between its arrival and its only reply: what its classes have yet to judge, and what they have said so
 * far. Not thread safe; the intake owns it.
 */
final class PendingDelivery {

    private final long id;
    private final Delivery delivery;
    private final ActorRef<DeliveryOutcome> replyTo;
    /** Positions of the samples of files that were delivered before, which no class gets. */
    private final BitSet repeated;

    private final FileKeys newFiles;
    private final long deadline;
    /** The parts that a class has got and has not judged, by number. */
    private final Map<Integer, Part> unjudged = new HashMap<>();

    private final List<RefusedSample> refused = new ArrayList<>();
    private int parts;
    private int accepted;
    private int duplicates;

    /** Samples of one class, by their positions in the delivery. */
    private record Part(ClassEntry entry, List<Integer> positions) {}

    /**
     * Creates a delivery that no class has got.
     *
     * @param id identifies the delivery to its classes
     * @param isRepeated whether a file was delivered before
     * @param deadline tick at which the delivery is deferred
     */
    PendingDelivery(
            long id,
            Delivery delivery,
            ActorRef<DeliveryOutcome> replyTo,
            Predicate<DeliveredFile> isRepeated,
            long deadline) {
        this.id = id;
        this.delivery = delivery;
        this.replyTo = replyTo;
        this.deadline = deadline;
        this.repeated = new BitSet();
        int first = 0;
        for (DeliveredFile file : delivery.files()) {
            repeated.set(first, first + file.samples(), isRepeated.test(file));
            first += file.samples();
        }
        this.duplicates = repeated.cardinality();
        this.newFiles = FileKeys.of(delivery.files().stream()
                .filter(file -> !isRepeated.test(file))
                .mapToLong(DeliveredFile::key)
                .distinct()
                .toArray());
    }

    long id() {
        return id;
    }

    /** Approximate size in memory, in bytes. */
    long bytes() {
        return delivery.bytes();
    }

    /** The tick at which the delivery is deferred. */
    long deadline() {
        return deadline;
    }

    /** Whether the samples come from files of an ingest source. */
    boolean hasFiles() {
        return !delivery.files().isEmpty();
    }

    /** The files that were not delivered before. */
    FileKeys newFiles() {
        return newFiles;
    }

    /** The samples that a class has to judge. */
    List<Sample> samples() {
        return positions().mapToObj(delivery.samples()::get).toList();
    }

    private IntStream positions() {
        return IntStream.range(0, delivery.samples().size()).filter(i -> !repeated.get(i));
    }

    /** Positions of the samples that a class has to judge, by label, in the order of the first sample of each. */
    Map<String, List<Integer>> positionsByLabel() {
        Map<String, List<Integer>> byLabel = new LinkedHashMap<>();
        positions()
                .forEach(i -> byLabel.computeIfAbsent(delivery.samples().get(i).label(), _ -> new ArrayList<>())
                        .add(i));
        return byLabel;
    }

    void send(ClassEntry entry, List<Integer> positions, int channels, ActorRef<ClassCommand.SamplesJudged> judged) {
        int part = parts++;
        unjudged.put(part, new Part(entry, positions));
        entry.onSent();
        List<Sample> samples = positions.stream().map(delivery.samples()::get).toList();
        entry.actor()
                .tell(new ClassCommand.AddSamples(
                        id,
                        part,
                        FingerprintBlock.of(
                                samples.stream().map(Sample::fingerprint).toList()),
                        samples.stream()
                                .map(sample -> sample.image().withChannels(channels))
                                .toList(),
                        judged));
    }

    void onJudged(ClassCommand.SamplesJudged judged) {
        Part part = unjudged.remove(judged.part());
        if (part == null) {
            return;
        }
        for (int i = 0; i < part.positions().size(); i++) {
            int position = part.positions().get(i);
            switch (judged.verdicts().get(i)) {
                case STORED -> accepted++;
                case DUPLICATE -> duplicates++;
                case CONFLICT -> refuse(position, SampleVerdict.CONFLICT);
                case SEALED -> refuse(position, SampleVerdict.SEALED);
            }
        }
    }

    private void refuse(int position, SampleVerdict verdict) {
        Sample sample = delivery.samples().get(position);
        refused.add(new RefusedSample(position, sample.label(), sample.id(), verdict));
    }

    /** Whether the classes have judged all parts that were sent. */
    boolean isJudged() {
        return unjudged.isEmpty();
    }

    /** Whether a class has yet to judge samples of the delivery. */
    boolean isAwaiting(ClassEntry entry) {
        return unjudged.values().stream().anyMatch(part -> part.entry() == entry);
    }

    boolean hasSamplesOf(String label) {
        return delivery.samples().stream().anyMatch(sample -> sample.label().equals(label));
    }

    /** Replies with the verdicts of the classes. */
    void replyJudged() {
        refused.sort(Comparator.comparingInt(RefusedSample::index));
        reply(new DeliveryOutcome.Accepted(accepted, duplicates, refused));
    }

    void reply(DeliveryOutcome outcome) {
        replyTo.tell(outcome);
    }
}
