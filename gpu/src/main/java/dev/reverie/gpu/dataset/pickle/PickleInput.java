package dev.reverie.gpu.dataset.pickle;

import dev.reverie.gpu.dataset.StrictUtf8;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;

/**
 * Reads opcodes and their arguments. Memory use grows with the actual data, not with declared lengths. The strings and
 * arrays of one pickle may take up to {@link #MAX_BYTES} bytes.
 */
final class PickleInput {

    /**
     * More than three times the size of the largest published array. Protocols 0 to 2 store each byte as one or two
     * bytes of text, which are then converted to bytes, and both count.
     */
    private static final long MAX_BYTES = 1L << 29;

    private static final int LONGEST_WORD = 1000;
    private static final int END_OF_LINE = '\n';

    private final InputStream in;
    private long bytes;

    PickleInput(InputStream in) {
        this.in = in;
    }

    /** Reads the next byte; returns -1 at the end. */
    int next() throws IOException {
        try {
            return in.read();
        } catch (EOFException _) {
            return -1; // thrown for a truncated gzip stream
        }
    }

    int unsignedByte() throws IOException, PickleException {
        int next = next();
        if (next < 0) {
            throw truncated();
        }
        return next;
    }

    /** Reads a little-endian number of at most eight bytes; a number of eight bytes is signed. */
    long littleEndian(int length) throws IOException, PickleException {
        long number = 0;
        for (int i = 0; i < length; i++) {
            number |= (long) unsignedByte() << (Byte.SIZE * i);
        }
        return number;
    }

    /** Reads a length of {@code lengthBytes} bytes, and then the given number of bytes. */
    byte[] counted(int lengthBytes) throws IOException, PickleException {
        long length = littleEndian(lengthBytes);
        if (length < 0 || length > MAX_BYTES) {
            throw PickleException.damaged("it declares a string of " + Long.toUnsignedString(length) + " bytes");
        }
        charge(length);
        byte[] content = read((int) length);
        if (content.length < length) {
            throw truncated();
        }
        return content;
    }

    private byte[] read(int length) throws IOException {
        try {
            return in.readNBytes(length);
        } catch (EOFException _) {
            return new byte[0]; // too short, so the caller refuses it
        }
    }

    /** Reads the rest of a line, without the line separator. */
    byte[] line() throws IOException, PickleException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = unsignedByte(); next != END_OF_LINE; next = unsignedByte()) {
            charge(1);
            line.write(next);
        }
        return line.toByteArray();
    }

    /** Reads a line that contains a name or a number; the length of the line is limited. */
    String word() throws IOException, PickleException {
        StringBuilder word = new StringBuilder();
        for (int next = unsignedByte(); next != END_OF_LINE; next = unsignedByte()) {
            if (word.length() == LONGEST_WORD) {
                throw PickleException.damaged("a name or number in it does not end");
            }
            word.append((char) next);
        }
        return word.toString().strip();
    }

    /** Reads a line that contains an integer. */
    long number() throws IOException, PickleException {
        return wholeNumber(word());
    }

    static long wholeNumber(String word) throws PickleException {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException _) {
            throw PickleException.damaged("it has something else where an integer belongs");
        }
    }

    /** Counts the bytes that are kept in memory, and enforces {@link #MAX_BYTES}. */
    void charge(long more) throws PickleException {
        bytes += more;
        if (bytes > MAX_BYTES) {
            throw new PickleException("is a pickle of more than " + (MAX_BYTES >> 20) + " MiB of strings and arrays");
        }
    }

    static String utf8(byte[] content) throws PickleException {
        try {
            return StrictUtf8.decode(content);
        } catch (CharacterCodingException _) {
            throw PickleException.damaged("a text is not valid UTF-8");
        }
    }

    private static PickleException truncated() {
        return new PickleException("is truncated: the pickle ends too early");
    }
}
