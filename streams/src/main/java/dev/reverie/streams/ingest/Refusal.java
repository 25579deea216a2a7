package dev.reverie.streams.ingest;

import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.DeliveryOutcome.RefusedSample;
import dev.reverie.streams.decode.SampleRefusedException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The permanent refusal of samples.
 *
 * @param reason a fixed word, for example {@code image-invalid}; usually the last part of the problem type in the HTTP
 *     API
 * @param detail one sentence that says what is wrong and what to do about it
 * @param samples number of refused samples, or 1 if unknown
 */
public record Refusal(String reason, String detail, int samples) {

    /** Maximum number of refused samples that an answer names. */
    public static final int MAX_NAMED = 100;

    /** Creates the refusal of input that cannot be decoded. */
    public static Refusal of(SampleRefusedException refusal) {
        return new Refusal(refusal.reason().label(), refusal.getMessage(), refusal.samples());
    }

    /** Creates the refusal of samples by their classes, which have stored all others of the request. */
    public static Refusal ofSamples(List<RefusedSample> refused) {
        boolean anyConflict = refused.stream().anyMatch(sample -> sample.reason() == SampleVerdict.CONFLICT);
        return new Refusal(
                anyConflict ? "conflict" : "class-sealed",
                reasonOf(refused.getFirst()) + (refused.size() == 1 ? "" : "; refused are " + namesOf(refused)),
                refused.size());
    }

    private static String namesOf(List<RefusedSample> refused) {
        int more = refused.size() - MAX_NAMED;
        return refused.stream()
                .limit(MAX_NAMED)
                .map(sample -> "sample " + sample.index() + " of '" + sample.label() + "'"
                        + sample.id().map(id -> " with the id '" + id + "'").orElse(""))
                .collect(Collectors.joining(", ", "", more > 0 ? " and " + more + " more" : ""));
    }

    private static String reasonOf(RefusedSample sample) {
        return sample.reason() == SampleVerdict.SEALED
                ? "the class '" + sample.label() + "' is sealed and accepts no more images: leave its images out"
                : sample.id().map(id -> "the id '" + id + "'").orElse("the id derived from the pixels")
                        + " already belongs to another image of the class '" + sample.label()
                        + "': give every image of a class its own id";
    }

    /** Creates the refusal of a delivery by the service. */
    public static Refusal of(DeliveryOutcome.Refused refused, int samples) {
        return new Refusal(refused.reason().label(), refused.detail(), samples);
    }
}
