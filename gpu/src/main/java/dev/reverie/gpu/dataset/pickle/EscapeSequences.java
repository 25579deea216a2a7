package dev.reverie.gpu.dataset.pickle;

import java.io.ByteArrayOutputStream;

/** Decodes the escape sequences in strings of protocol 0. */
final class EscapeSequences {

    private static final int HEXADECIMAL = 16;

    private EscapeSequences() {}

    /** Decodes a quoted string as written by the {@code repr} function of Python 2. */
    static byte[] quoted(byte[] line) throws PickleException {
        int end = line.length - 1;
        if (end < 1 || line[0] != line[end] || (line[0] != '\'' && line[0] != '"')) {
            throw PickleException.damaged("a string in it has no quotes");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream(end);
        int at = 1;
        while (at < end) {
            if (line[at] != '\\') {
                content.write(line[at]);
                at++;
            } else if (line[at + 1] == 'x') {
                content.write(digits(line, at + 2, 2, end));
                at += 4;
            } else {
                content.write(plain(line[at + 1]));
                at += 2;
            }
        }
        if (at > end) {
            throw badEscape();
        }
        return content.toByteArray();
    }

    private static int plain(byte escaped) throws PickleException {
        return switch (escaped) {
            case '\\', '\'', '"' -> escaped;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> throw badEscape();
        };
    }

    /** Decodes a string in Python's {@code raw-unicode-escape} encoding. */
    static String unicode(byte[] line) throws PickleException {
        StringBuilder text = new StringBuilder(line.length);
        int at = 0;
        while (at < line.length) {
            int kind = line[at] == '\\' && at + 1 < line.length ? line[at + 1] : 0;
            int length = kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
            if (length == 0) {
                text.append((char) Byte.toUnsignedInt(line[at]));
                at++;
            } else {
                text.appendCodePoint(codePoint(digits(line, at + 2, length, line.length)));
                at += 2 + length;
            }
        }
        return text.toString();
    }

    private static int codePoint(int number) throws PickleException {
        if (!Character.isValidCodePoint(number)) {
            throw badEscape();
        }
        return number;
    }

    private static int digits(byte[] line, int from, int length, int end) throws PickleException {
        if (from + length > end) {
            throw badEscape();
        }
        int number = 0;
        for (int i = from; i < from + length; i++) {
            int digit = Character.digit(line[i], HEXADECIMAL);
            if (digit < 0) {
                throw badEscape();
            }
            number = number * HEXADECIMAL + digit;
        }
        return number;
    }

    private static PickleException badEscape() {
        return PickleException.damaged("a string in it has an invalid escape sequence");
    }
}
