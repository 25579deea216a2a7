package dev.reverie.gpu.dataset.pickle;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The arguments of opcodes, one after the other. Memory grows with the data that is really there, whatever a length
 * says, up to {@link #MAX_BYTES} for the texts and bytes of one pickle.
 */
final class PickleInput {

    /** Three times the largest published array, which below protocol 3 is read as text and turned into bytes. */
    private static final long MAX_BYTES = 1L << 29;

    private static final int LONGEST_WORD = 1000;
    private static final int END_OF_LINE = '\n';

    private final InputStream in;
    private long bytes;

    PickleInput(InputStream in) {
        this.in = in;
    }

    /** The next byte, or -1 at the end. */
    int next() throws IOException {
        try {
            return in.read();
        } catch (EOFException _) {
            return -1; // how a gzip stream says that it was cut
        }
    }

    int unsignedByte() throws IOException, PickleException {
        int next = next();
        if (next < 0) {
            throw truncated();
        }
        return next;
    }

    /** A little-endian number of at most eight bytes; the uppermost is filled up by its sign if it has all of them. */
    long littleEndian(int length) throws IOException, PickleException {
        long number = 0;
        for (int i = 0; i < length; i++) {
            number |= (long) unsignedByte() << (Byte.SIZE * i);
        }
        return number;
    }

    /** That many bytes, whose number is given by as many bytes before them as {@code lengthBytes}. */
    byte[] counted(int lengthBytes) throws IOException, PickleException {
        long length = littleEndian(lengthBytes);
        if (length < 0 || length > MAX_BYTES) {
            throw PickleException.damaged("it claims a text of " + Long.toUnsignedString(length) + " bytes");
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
            return new byte[0]; // cut short, and so refused by whoever asked for more
        }
    }

    /** The rest of a line, without its end. */
    byte[] line() throws IOException, PickleException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = unsignedByte(); next != END_OF_LINE; next = unsignedByte()) {
            charge(1);
            line.write(next);
        }
        return line.toByteArray();
    }

    /** A line that is a name or a number, and so is short. */
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

    /** A line that is a whole number. */
    long number() throws IOException, PickleException {
        return wholeNumber(word());
    }

    static long wholeNumber(String word) throws PickleException {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException _) {
            throw PickleException.damaged("it has no whole number where one is due");
        }
    }

    /** Takes note that this many bytes more are kept. */
    void charge(long more) throws PickleException {
        bytes += more;
        if (bytes > MAX_BYTES) {
            throw new PickleException("is a pickle of more than " + (MAX_BYTES >> 20) + " MiB of texts and arrays");
        }
    }

    static String utf8(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    private static PickleException truncated() {
        return new PickleException("is truncated: its pickle does not end");
    }
}
