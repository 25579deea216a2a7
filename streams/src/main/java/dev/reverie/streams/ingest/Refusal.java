package dev.reverie.streams.ingest;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.streams.decode.SampleRefusedException;

/**
 * Why something is not taken in, however often it comes.
 *
 * @param reason a fixed word, the same that the HTTP API has for it
 * @param detail one sentence that says what is wrong and what to do
 * @param samples that are known to be in it, 1 where nothing is known of them
 */
public record Refusal(String reason, String detail, int samples) {

    /** Nothing could be made of what came. */
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

    /** The service does not want so many samples. */
    public static Refusal of(DeliveryOutcome.Refused refused, int samples) {
        String reason =
                switch (refused.reason()) {
                    case SHAPE_MISMATCH -> "shape-mismatch";
                    case ID_CONFLICT -> "conflict";
                    case CLASS_SEALED -> "class-sealed";
                    case TOO_MANY_CLASSES -> "quota";
                };
        return new Refusal(reason, refused.detail(), samples);
    }

    /** The word for having to wait. */
    public static String reasonOf(DeliveryOutcome.Deferred deferred) {
        return switch (deferred.cause()) {
            case OVERLOADED -> "overloaded";
            case UNAVAILABLE -> "not-ready";
            case STORE_FULL -> "storage-full";
        };
    }
}
