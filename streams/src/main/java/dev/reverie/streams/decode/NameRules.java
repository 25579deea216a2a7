package dev.reverie.streams.decode;

import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

/** Labels and ids as they may come in from outside. */
public final class NameRules {

    /** No spaces at either end, and not only dots, as such a label could not be part of an address. */
    private static final Pattern LABEL =
            Pattern.compile("(?!\\.+$)[\\p{L}\\p{N}_.-](?:[\\p{L}\\p{M}\\p{N}_. -]*[\\p{L}\\p{M}\\p{N}_.-])?");

    private static final Pattern FOREIGN = Pattern.compile("[^\\p{L}\\p{M}\\p{N}_. -]+");

    /** Under which metrics sum up the classes beyond those they tell apart. */
    private static final String RESERVED = "__other__";

    private static final Pattern ID = Pattern.compile("[^\\p{C}\\p{Zl}\\p{Zp}]+");

    private final IngestLimits limits;

    NameRules(IngestLimits limits) {
        this.limits = limits;
    }

    /** Equal texts in equal characters, whichever way their accents were typed (Unicode's form C). */
    public static String normal(String label) {
        return Normalizer.normalize(label, Normalizer.Form.NFC);
    }

    /** The label nearest to a name from elsewhere: whatever cannot be part of a label becomes a dash. */
    public static String adapted(String name) {
        String label = FOREIGN.matcher(normal(name).strip()).replaceAll("-");
        return isLabel(label) ? label : "class-" + label;
    }

    /**
     * The label in its normal form.
     *
     * @param where it was found
     * @throws SampleRefusedException if no class can have it
     */
    String label(String text, String where) throws SampleRefusedException {
        requireLabelLength(text, where); // before normalising, which takes its time
        String label = normal(text);
        requireLabelLength(label, where); // and after it, which may lengthen
        if (!isLabel(label)) {
            throw new SampleRefusedException(
                    Reason.LABEL_INVALID,
                    "the label " + SafeExcerpt.quoted(text) + " of " + where
                            + " cannot name a class: want letters, digits,"
                            + " '_', '.', '-', and spaces between them, not only dots, and not " + RESERVED);
        }
        return label;
    }

    private void requireLabelLength(String label, String where) throws SampleRefusedException {
        if (isLongerThan(limits.labelLength(), label)) {
            throw new SampleRefusedException(
                    Reason.LABEL_INVALID,
                    "the label of " + where + " has more than " + limits.labelLength() + " characters: shorten it");
        }
    }

    /**
     * The id as it is, if there is one.
     *
     * @param where it was found
     * @throws SampleRefusedException if no sample can have it
     */
    Optional<String> id(Optional<String> id, String where) throws SampleRefusedException {
        if (id.isEmpty()) {
            return id;
        }
        String text = id.get();
        if (isLongerThan(limits.idLength(), text)) {
            throw new SampleRefusedException(
                    Reason.ID_INVALID,
                    "the id of " + where + " has more than " + limits.idLength() + " characters: shorten it");
        }
        if (!ID.matcher(text).matches()) {
            throw new SampleRefusedException(
                    Reason.ID_INVALID,
                    "the id " + SafeExcerpt.quoted(text) + " of " + where + " is empty or has characters that cannot be"
                            + " printed: leave it out, or send another");
        }
        return id;
    }

    private static boolean isLabel(String text) {
        return LABEL.matcher(text).matches() && !text.equals(RESERVED);
    }

    private static boolean isLongerThan(int longest, String text) {
        return text.length() > longest && text.codePointCount(0, text.length()) > longest;
    }
}
