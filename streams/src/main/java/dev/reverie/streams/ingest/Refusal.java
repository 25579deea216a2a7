package dev.reverie.streams.ingest;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.streams.decode.SampleRefusedException;

/**
 * The permanent refusal of samples.
 *
 * @param reason a fixed word, for example {@code image-invalid}; usually the last part of the problem type in the HTTP
 *     API
 * @param detail one sentence that says what is wrong and what to do about it
 * @param samples number of refused samples, or 1 if unknown
 */
public record Refusal(String reason, String detail, int samples) {

    /** Creates the refusal of input that cannot be decoded. */
    public static Refusal of(SampleRefusedException refusal) {
        String reason =
                switch (refusal.reason()) {
                    case EMPTY -> "body-empty";
                    case TYPE_UNSUPPORTED -> "type-unsupported";
                    case IMAGE_INVALID -> "image-invalid";
                    case BATCH_INVALID -> "batch-invalid";
                    case JSON_INVALID -> "json-invalid";
                    case LABEL_INVALID -> "label-invalid";
                    case ID_INVALID -> "id-invalid";
                    case TOO_LARGE -> "too-large";
                };
        return new Refusal(reason, refusal.getMessage(), refusal.samples());
    }

    /** Creates the refusal of a delivery by the service. */
    public static Refusal of(DeliveryOutcome.Refused refused, int samples) {
        String reason =
                switch (refused.reason()) {
                    case SHAPE_MISMATCH -> "shape-mismatch";
                    case ID_CONFLICT -> "conflict";
                    case CLASS_SEALED -> "class-sealed";
                    case TOO_MANY_CLASSES -> "quota";
                    case TOO_LARGE -> "too-large";
                };
        return new Refusal(reason, refused.detail(), samples);
    }
}
