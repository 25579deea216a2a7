package dev.reverie.npz;

import java.nio.ByteOrder;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The dtype of a NumPy array.
 *
 * @param kind {@code f} float, {@code i} integer, {@code u} unsigned integer, {@code b} truth value, {@code U} text
 * @param itemSize bytes per item; a text item takes four bytes per code point
 * @param order order of the bytes of an item; little-endian if it has one
 */
public record NpyType(char kind, int itemSize, ByteOrder order) {

    public static final NpyType FLOAT32 = littleEndian('f', 4);
    public static final NpyType UINT8 = littleEndian('u', 1);
    public static final NpyType INT64 = littleEndian('i', 8);

    private static final int BYTES_PER_CODE_POINT = 4;
    private static final int MAX_TEXT = 1 << 16;
    private static final Set<String> NUMBERS =
            Set.of("b1", "f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8");
    private static final Pattern DESCRIPTION = Pattern.compile("([<>|=]?)([a-zA-Z])(\\d{1,9})");

    private static NpyType littleEndian(char kind, int itemSize) {
        return new NpyType(kind, itemSize, ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the type of texts of at most {@code length} code points. */
    static NpyType text(int length) {
        return littleEndian('U', Math.max(1, length) * BYTES_PER_CODE_POINT);
    }

    /**
     * Parses a description such as {@code <f4}.
     *
     * @throws NpzException if the type is text of more than 65,536 characters, or neither a number nor text (for
     *     example, a Python object)
     */
    static NpyType parse(String description) throws NpzException {
        Matcher matcher = DESCRIPTION.matcher(description);
        if (!matcher.matches()) {
            throw unsupported(description);
        }
        char kind = matcher.group(2).charAt(0);
        int size = Integer.parseInt(matcher.group(3));
        if (kind == 'U' && size > MAX_TEXT) {
            throw new NpzException(
                    "has texts of " + size + " characters, more than the " + MAX_TEXT + " allowed: shorten them");
        }
        boolean isText = kind == 'U' && size >= 1;
        if (!isText && !NUMBERS.contains(kind + "" + size)) {
            throw unsupported(description);
        }
        int bytes = isText ? size * BYTES_PER_CODE_POINT : size;
        boolean isBigEndian = matcher.group(1).equals(">") && bytes > 1;
        return new NpyType(kind, bytes, isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
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
        String mark = itemSize == 1 ? "|" : order == ByteOrder.BIG_ENDIAN ? ">" : "<";
        return mark + kind + (kind == 'U' ? itemSize / BYTES_PER_CODE_POINT : itemSize);
    }
}
