package dev.reverie.streams.decode;

/**
 * Thrown when a delivery is refused as a whole; the only exception of the decoders. The message is one sentence for the
 * sender: what is wrong, where, and what to do.
 */
public final class SampleRefusedException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int MAX_MESSAGE_LENGTH = 600;

    private final Reason reason;
    private final int samples;

    /** The reasons of refusals. */
    public enum Reason {
        /** The delivery is empty. */
        EMPTY,
        /** The declared content type is not supported. */
        TYPE_UNSUPPORTED,
        /** An image cannot be decoded. */
        IMAGE_INVALID,
        /** An NPZ cannot be decoded. */
        BATCH_INVALID,
        /** A line is not a valid JSON sample. */
        JSON_INVALID,
        /** A label is empty, too long, or has invalid characters. */
        LABEL_INVALID,
        /** An id is empty, too long, or has invalid characters. */
        ID_INVALID,
        /** The delivery exceeds a limit. */
        TOO_LARGE
    }

    public SampleRefusedException(Reason reason, String message) {
        this(reason, message, 1);
    }

    private SampleRefusedException(Reason reason, String message, int samples) {
        super(SafeExcerpt.of(message, MAX_MESSAGE_LENGTH));
        this.reason = reason;
        this.samples = samples;
    }

    /** Returns the same exception for a delivery of this many samples, all of which are refused. */
    SampleRefusedException affecting(int allSamples) {
        return new SampleRefusedException(reason, getMessage(), allSamples);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public Reason reason() {
        return reason;
    }

    /** Returns the number of refused samples, or 1 if unknown. */
    public int samples() {
        return samples;
    }
}
