package dev.reverie.streams.decode;

/**
 * What was sent is not taken in, nothing of it; the only exception of the decoders. The message is one sentence that
 * says what is wrong, where, and what to do; it can be shown to the sender.
 */
public final class SampleRefusedException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 600;

    private final Reason reason;
    private final int samples;

    /** Kinds of refusals. */
    public enum Reason {
        /** There is nothing in it. */
        EMPTY,
        /** It says that it is something which is not taken. */
        TYPE_UNSUPPORTED,
        /** A picture cannot be decoded. */
        IMAGE_INVALID,
        /** An NPZ cannot be decoded. */
        BATCH_INVALID,
        /** A line is not the JSON it should be. */
        JSON_INVALID,
        /** A label is empty, too long, or has characters that none may have. */
        LABEL_INVALID,
        /** An id is empty, too long, or has characters that none may have. */
        ID_INVALID,
        /** It may be sound, but is more than is allowed. */
        TOO_LARGE
    }

    public SampleRefusedException(Reason reason, String message) {
        this(reason, message, 1);
    }

    private SampleRefusedException(Reason reason, String message, int samples) {
        super(SafeExcerpt.of(message, LONGEST));
        this.reason = reason;
        this.samples = samples;
    }

    /** The same, where it is known among how many samples one is to blame: all of them are refused. */
    SampleRefusedException among(int all) {
        return new SampleRefusedException(reason, getMessage(), all);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public Reason reason() {
        return reason;
    }

    /** Samples that are known to be refused with it, 1 where nothing is known of them. */
    public int samples() {
        return samples;
    }
}
