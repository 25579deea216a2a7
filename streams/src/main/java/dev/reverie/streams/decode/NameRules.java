package dev.reverie.streams.decode;

import dev.reverie.actors.registry.Labels;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

/** Validates and normalises the labels and ids of samples, and the display names of classes. */
public record NameRules(IngestLimits limits) {

    /** Letters and marks with which two labels look the same, although no script needs them. */
    private static final Pattern INVISIBLE = Pattern.compile("[" + SafeExcerpt.IGNORABLE + "]");

    /** Maximum number of characters in a display name. */
    public static final int DISPLAY_NAME_LENGTH = 256;

    /** Forbids what changes the direction of the text around a name, but not what joins letters or symbols. */
    private static final Pattern DISPLAY_NAME =
            Pattern.compile("[^\\p{Cc}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}\\uFFFD\\u202A-\\u202E\\u2066-\\u2069]+");

    private static final Pattern INVALID_CHARACTERS =
            Pattern.compile("[[^\\p{L}\\p{M}\\p{N}_. -][" + SafeExcerpt.IGNORABLE + "]]+");

    /** Forbids the character U+FFFD too, which stands for bytes that were not valid text. */
    private static final Pattern ID = Pattern.compile("[^\\p{C}\\p{Zl}\\p{Zp}\\uFFFD]+");

    /** Normalises a label to Unicode form C, so that equal texts have equal characters. */
    public static String normal(String label) {
        return Normalizer.normalize(label, Normalizer.Form.NFC);
    }

    /**
     * Turns any name into a label that is valid unless it is too long: each service has its own maximum length.
     * Replaces each sequence of invalid characters with a dash.
     */
    public static String adapted(String name) {
        String label = INVALID_CHARACTERS.matcher(normal(name).strip()).replaceAll("-");
        return isLabel(label) ? label : "class-" + label;
    }

    /**
     * Returns the label in normal form.
     *
     * @param where description of the label's position for messages
     */
    String label(String text, String where) throws SampleRefusedException {
        requireLabelLength(text, where); // before normalising, which is slow for long texts
        String label = normal(text);
        requireLabelLength(label, where); // and after it, because normalising may lengthen the text
        if (!isLabel(label)) {
            throw new SampleRefusedException(
                    Reason.LABEL_INVALID,
                    where + " is " + SafeExcerpt.quoted(text)
                            + ", which is not a valid label: use letters, digits, '_', '.', '-', and spaces between"
                            + " them, but no invisible characters; a label must not consist of dots only, nor be "
                            + Labels.RESERVED);
        }
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

    /** Returns a name of a class for people to read, in normal form and without spaces at its ends, if it is valid. */
    public static Optional<String> displayName(String text) {
        return Optional.of(text)
                .filter(each -> !isLongerThan(DISPLAY_NAME_LENGTH, each)) // before normalising, and after it
                .map(each -> normal(each.strip()))
                .filter(each -> !isLongerThan(DISPLAY_NAME_LENGTH, each)
                        && DISPLAY_NAME.matcher(each).matches()
                        && !INVISIBLE.matcher(each).replaceAll("").isBlank());
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

    /** Samples also need a visible label. A class of a store without one can be read and forgotten. */
    private static boolean isLabel(String text) {
        return Labels.isLabel(text) && !INVISIBLE.matcher(text).find();
    }

    private static boolean isLongerThan(int limit, String text) {
        return text.length() > limit && text.codePointCount(0, text.length()) > limit;
    }
}
