package dev.reverie.streams.decode;

import dev.reverie.gpu.Labelled;

/**
 * Thrown by the decoders when they refuse a delivery as a whole. The message is one sentence that tells the sender what
 * is wrong, where it is wrong, and what to do about it.
 */
public final class SampleRefusedException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int MAX_MESSAGE_LENGTH = 600;

    private final Reason reason;
    private final int samples;

    /** The reasons of refusals. The label of each is the last part of the problem type in the HTTP API. */
    public enum Reason implements Labelled {
        BODY_EMPTY,
        TYPE_UNSUPPORTED,
        IMAGE_INVALID,
        BATCH_INVALID,
        JSON_INVALID,
        /** A label is missing, empty or too long, or has invalid characters. */
        LABEL_INVALID,
        /** An id is empty, too long, or has invalid characters. */
        ID_INVALID,
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

    /** Returns a copy of the exception for a delivery of this many samples, all of which are refused. */
    SampleRefusedException affecting(int allSamples) {
        return new SampleRefusedException(reason, getMessage(), allSamples);
    }

    /** Returns the message, which is never null, unlike that of other exceptions. */
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
