package dev.reverie.npz;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The dtype of a NumPy array.
 *
 * @param kind {@code f} float, {@code i} integer, {@code u} unsigned integer, {@code U} text
 * @param itemSize bytes per item; a text item takes four bytes per code point
 */
public record NpyType(char kind, int itemSize) {

    public static final NpyType FLOAT32 = new NpyType('f', 4);
    public static final NpyType UINT8 = new NpyType('u', 1);
    public static final NpyType INT64 = new NpyType('i', 8);

    private static final int BYTES_PER_CODE_POINT = 4;
    private static final int MAX_TEXT = 1 << 16;
    private static final Set<String> NUMBERS = Set.of("f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8");
    private static final Pattern DESCRIPTION = Pattern.compile("([<>|=]?)([a-zA-Z])(\\d{1,9})");

    /** Returns the type of texts of at most {@code length} code points. */
    static NpyType text(int length) {
        return new NpyType('U', Math.max(1, length) * BYTES_PER_CODE_POINT);
    }

    /**
     * Parses a description such as {@code <f4}.
     *
     * @throws NpzException if the type is big-endian, text of more than 65,536 characters, or neither a number nor text
     *     (for example, a Python object)
     */
    static NpyType parse(String description) throws NpzException {
        Matcher matcher = DESCRIPTION.matcher(description);
        if (!matcher.matches()) {
            throw unsupported(description);
        }
        char kind = matcher.group(2).charAt(0);
        int size = Integer.parseInt(matcher.group(3));
        if (matcher.group(1).equals(">") && size > 1) {
            throw new NpzException("is big-endian (" + description + "): save it little-endian");
        }
        if (kind == 'U' && size > MAX_TEXT) {
            throw new NpzException(
                    "has texts of " + size + " characters, more than the " + MAX_TEXT + " allowed: shorten them");
        }
        if (kind == 'U' && size >= 1) {
            return text(size);
        }
        if (!NUMBERS.contains(kind + "" + size)) {
            throw unsupported(description);
        }
        return new NpyType(kind, size);
    }

    private static NpzException unsupported(String description) {
        return new NpzException(
                "has dtype " + description + ": save it as float32, float64, an integer type, or Unicode text");
    }

    public boolean isReal() {
        return kind == 'f';
    }

    public boolean isUnsigned() {
        return kind == 'u';
    }

    public boolean isInteger() {
        return kind == 'i' || kind == 'u';
    }

    public boolean isText() {
        return kind == 'U';
    }

    /** Formats the type as NumPy does, for example {@code <f4}. */
    @Override
    public String toString() {
        return (itemSize == 1 ? "|" : "<") + kind + (kind == 'U' ? itemSize / BYTES_PER_CODE_POINT : itemSize);
    }
}
