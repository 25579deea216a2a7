package dev.reverie.actors.registry;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rules for labels, which name classes. A label is any text that people can read on one line: equal labels have
 * equal characters, and labels that differ can be told apart.
 */
public final class Labels {

    /**
     * Characters without a visible form of their own, as a part of a regex class: controls, formats, ends of lines,
     * unpaired surrogates, blank letters, and marks that choose the form of the character before them.
     */
    public static final String INVISIBLE = "\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\u034F\\u115F\\u1160\\u17B4\\u17B5"
            + "\\u180B-\\u180F\\u2065\\u2800\\u3164\\uFE00-\\uFE0F\\uFFA0\\uFFF0-\\uFFF8\\x{E0000}-\\x{E0FFF}";

    /** The character U+FFFD stands for bytes that were not valid text, so that two labels with it may be different. */
    private static final Pattern REFUSED = Pattern.compile("[" + INVISIBLE + "\\uFFFD\\p{IsNoncharacter_Code_Point}]");

    private static final String EMOJI = "[\\p{IsEmoji}&&[^0-9#*]]";

    /** Letters and marks of scripts in which a joiner changes how its neighbours are written. */
    private static final String JOINING = "[[\\p{L}\\p{M}]&&[^\\p{IsInherited}\\p{IsLatin}\\p{IsGreek}\\p{IsCyrillic}"
            + "\\p{IsHan}\\p{IsHangul}\\p{IsHiragana}\\p{IsKatakana}]]";

    /** Invisible characters beside those that need them: what differs only in these looks different. */
    private static final Pattern NEEDED = Pattern.compile(String.join(
            "|",
            EMOJI + "[\\uFE0E\\uFE0F]?\\u200D(?=" + EMOJI + ")",
            EMOJI + "[\\uFE0E\\uFE0F]",
            "[0-9#*]\\uFE0F\\u20E3", // keycaps
            "\\x{1F3F4}[\\x{E0020}-\\x{E007E}]++\\x{E007F}", // flags of regions
            JOINING + "[\\u200C\\u200D]",
            "\\p{IsHan}[\\x{E0100}-\\x{E01EF}]",
            "[\\p{IsMongolian}&&\\p{L}][\\u180B-\\u180D\\u180F]++"));

    private static final Pattern SPACE = Pattern.compile("\\p{Zs}");

    /** Maximum length in {@code char}s: 512 characters, the longest labels that a service can be configured to take. */
    private static final int MAX_LENGTH = 1024;

    private Labels() {}

    /**
     * Returns the normal form of a label: Unicode form C, with ordinary spaces for all others, and without white space
     * at its ends.
     */
    public static String normal(String text) {
        return Normalizer.normalize(SPACE.matcher(text).replaceAll(" "), Normalizer.Form.NFC)
                .strip();
    }

    /** Returns the label that a text stands for, in normal form; empty if it is blank or has refused characters. */
    public static Optional<String> of(String text) {
        return Optional.of(text)
                .filter(given -> given.length() <= MAX_LENGTH) // before normalising, which is slow for long texts
                .map(Labels::normal)
                .filter(label -> !label.isEmpty() && isReadable(label));
    }

    private static boolean isReadable(String label) {
        return !REFUSED.matcher(label).find()
                || !REFUSED.matcher(NEEDED.matcher(label).replaceAll("")).find();
    }

    /**
     * Reads a list of labels that are separated by commas. A label with a comma is in double quotes, in which two
     * quotes stand for one.
     */
    public static List<String> list(String text) {
        List<String> labels = new ArrayList<>();
        for (int start = 0, end; start <= text.length(); start = end + 1) {
            end = endOfItem(text, start);
            labels.add(normal(unquoted(text.substring(start, end).strip())));
        }
        return labels;
    }

    private static int endOfItem(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) == ' ') {
            end++;
        }
        boolean isQuotable = text.startsWith("\"", end);
        boolean quoted = false;
        while (end < text.length() && (quoted || text.charAt(end) != ',')) {
            quoted ^= isQuotable && text.charAt(end) == '"';
            end++;
        }
        return end;
    }

    private static String unquoted(String item) {
        boolean quoted = item.length() > 1 && item.startsWith("\"") && item.endsWith("\"");
        return quoted ? item.substring(1, item.length() - 1).replace("\"\"", "\"") : item;
    }
}
