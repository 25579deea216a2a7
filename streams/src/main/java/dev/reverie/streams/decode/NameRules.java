package dev.reverie.streams.decode;

import dev.reverie.actors.registry.Labels;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.util.Optional;
import java.util.regex.Pattern;

/** Validates and normalises the labels and ids of samples, and the display names of classes. */
public record NameRules(IngestLimits limits) {

    /** Maximum number of characters in a display name. */
    public static final int DISPLAY_NAME_LENGTH = 256;

    /** Forbids the character U+FFFD too, which stands for bytes that were not valid text. */
    private static final Pattern ID = Pattern.compile("[^\\p{C}\\p{Zl}\\p{Zp}\\uFFFD]+");

    /**
     * Returns the label in normal form.
     *
     * @param where description of the label's position for messages
     */
    String label(String text, String where) throws SampleRefusedException {
        requireLabelLength(text, where);
        String label = Labels.of(text)
                .orElseThrow(() -> new SampleRefusedException(
                        Reason.LABEL_INVALID,
                        where + " is " + SafeExcerpt.quoted(text)
                                + ", which is not a valid label: use at least one visible character, and no control"
                                + " characters or other invisible ones"));
        requireLabelLength(label, where); // again, because the normal form may be longer
        return label;
    }

    private void requireLabelLength(String label, String where) throws SampleRefusedException {
        if (isLongerThan(limits.labelLength(), label)) {
            throw new SampleRefusedException(
                    Reason.LABEL_INVALID,
                    where + " is " + SafeExcerpt.quoted(label) + ", which has more than " + limits.labelLength()
                            + " characters: shorten it");
        }
    }

    /** Returns a name of a class for people to read, which follows the rules for labels, in their normal form. */
    public static Optional<String> displayName(String text) {
        return Labels.of(text).filter(name -> !isLongerThan(DISPLAY_NAME_LENGTH, name));
    }

    /**
     * Returns the id unchanged, if present.
     *
     * @param where description of the id's position for messages
     */
    Optional<String> id(Optional<String> id, String where) throws SampleRefusedException {
        if (id.isEmpty()) {
            return id;
        }
        String text = id.get();
        if (isLongerThan(limits.idLength(), text)) {
            throw new SampleRefusedException(
                    Reason.ID_INVALID, where + " has more than " + limits.idLength() + " characters: shorten it");
        }
        if (!ID.matcher(text).matches()) {
            throw new SampleRefusedException(
                    Reason.ID_INVALID,
                    where + " is "
                            + (text.isEmpty()
                                    ? "empty"
                                    : SafeExcerpt.quoted(text) + ", which has unprintable characters")
                            + ": omit it, or use printable characters");
        }
        return id;
    }

    private static boolean isLongerThan(int limit, String text) {
        return text.length() > limit && text.codePointCount(0, text.length()) > limit;
    }
}
