package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.FileFormatException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads a dictionary opcode by opcode, in the order in which Python 2 writes them in protocol 2, so that it needs no
 * stack (<a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">pickletools</a> describes all
 * opcodes). Nothing in the file is executed. Memory use grows with the actual data, not with declared sizes, up to 256
 * MiB. Strings and integers are called scalars.
 */
final class PickleReader {

    /** More than the largest published file takes, which has 50,000 images with two labels and a name each. */
    private static final int MAX_BYTES = 1 << 28;

    /** What a scalar takes at most in lists and maps, besides its characters. */
    private static final int SCALAR_BYTES = 128;

    private static final int LONGEST_NAME = 80;
    private static final int PROTO = 0x80;
    private static final int PROTOCOL = 2;
    private static final int EMPTY_DICT = '}';
    private static final int SETITEMS = 'u';
    private static final int EMPTY_LIST = ']';
    private static final int APPENDS = 'e';
    private static final int MARK = '(';
    private static final int BININT = 'J';
    private static final int BININT1 = 'K';
    private static final int BININT2 = 'M';
    private static final int SHORT_BINSTRING = 'U';
    private static final int BINSTRING = 'T';
    private static final int BINPUT = 'q';
    private static final int LONG_BINPUT = 'r';
    private static final int BINGET = 'h';
    private static final int LONG_BINGET = 'j';
    private static final int GLOBAL = 'c';
    private static final int REDUCE = 'R';
    private static final int BUILD = 'b';

    /** Opcodes that make tuples and types of the scalars in an array: NONE, MARK, TUPLE, TUPLE1 to TUPLE3, REDUCE. */
    private static final Set<Integer> BETWEEN = Set.of((int) 'N', MARK, (int) 't', 0x85, 0x86, 0x87, REDUCE);

    private final DataInputStream in;
    private final Map<Integer, String> memo = new HashMap<>();
    private int bytesLeft = MAX_BYTES;

    PickleReader(InputStream file) {
        this.in = new DataInputStream(new BufferedInputStream(file, 1 << 16));
    }

    /** A two-dimensional array of unsigned bytes, row by row. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Table(int rows, int columns, byte[] content) {}

    /** A dictionary whose values are strings, integers, lists of them, or tables. */
    record Dictionary(Map<String, Object> entries) {

        /** Returns the items of a list, each an {@code Integer} or each a {@code String}. */
        <T> List<T> list(String key, Class<T> type) throws FileFormatException {
            if (!(entries.get(key) instanceof List<?> items) || !items.stream().allMatch(type::isInstance)) {
                throw new FileFormatException(
                        "is a pickle without a list '" + key + "' whose items are all of type " + type.getSimpleName());
            }
            return items.stream().map(type::cast).toList();
        }

        Table table(String key) throws FileFormatException {
            if (!(entries.get(key) instanceof Table table)) {
                throw new FileFormatException("is a pickle without an array '" + key + "'");
            }
            return table;
        }
    }

    Dictionary read() throws IOException {
        try {
            Dictionary dictionary = new Dictionary(entries());
            if (in.read() >= 0) {
                throw damaged("there is more data after its end");
            }
            return dictionary;
        } catch (EOFException _) {
            throw new FileFormatException("is truncated: the pickle ends too early");
        }
    }

    private Map<String, Object> entries() throws IOException {
        if (in.readUnsignedByte() != PROTO || in.readUnsignedByte() != PROTOCOL) {
            throw new FileFormatException("is not a pickle of protocol " + PROTOCOL + ", as CIFAR's files are");
        }
        expect(EMPTY_DICT);
        memoKey();
        Map<String, Object> entries = new HashMap<>();
        while (accept(MARK)) {
            while (!accept(SETITEMS)) {
                if (!(scalar(in.readUnsignedByte()) instanceof String key)) {
                    throw new FileFormatException("is a pickle with a dictionary whose keys are not all strings");
                }
                entries.put(key, value());
            }
        }
        expect('.');
        return entries;
    }

    private Object value() throws IOException {
        int opcode = in.readUnsignedByte();
        return switch (opcode) {
            case EMPTY_LIST -> list();
            case GLOBAL -> array();
            default -> scalar(opcode);
        };
    }

    private List<Object> list() throws IOException {
        memoKey();
        List<Object> items = new ArrayList<>();
        while (accept(MARK)) {
            while (!accept(APPENDS)) {
                items.add(scalar(in.readUnsignedByte()));
            }
        }
        return items;
    }

    private Object scalar(int opcode) throws IOException {
        charge(SCALAR_BYTES);
        return switch (opcode) {
            case BININT -> littleEndian();
            case BININT1 -> in.readUnsignedByte();
            case BININT2 -> Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
            case SHORT_BINSTRING -> {
                String text = new String(bytes(in.readUnsignedByte()), StandardCharsets.ISO_8859_1);
                memoKey().ifPresent(key -> memo.put(key, text));
                yield text;
            }
            case BINGET, LONG_BINGET ->
                Optional.ofNullable(memo.get(opcode == BINGET ? in.readUnsignedByte() : littleEndian()))
                        .orElseThrow(() -> damaged("it refers to an unknown string"));
            default -> throw unexpected(opcode);
        };
    }

    private int littleEndian() throws IOException {
        return Integer.reverseBytes(in.readInt());
    }

    /** Reads the number under which the value before it can be recalled, if there is one. */
    private OptionalInt memoKey() throws IOException {
        if (accept(BINPUT)) {
            return OptionalInt.of(in.readUnsignedByte());
        }
        return accept(LONG_BINPUT) ? OptionalInt.of(littleEndian()) : OptionalInt.empty();
    }

    /** Reads what NumPy writes: a call for an empty array, and then its version, shape, type, order and bytes. */
    private Table array() throws IOException {
        expectFunction("numpy.core.multiarray._reconstruct");
        scalarsUntil(GLOBAL);
        expectFunction("numpy.ndarray");
        scalarsUntil(REDUCE);
        List<Object> shape = scalarsUntil(GLOBAL);
        expectFunction("numpy.dtype");
        if (!scalarsUntil(BUILD).contains("u1")) {
            throw new FileFormatException("is a pickle with an array whose type is not uint8");
        }
        expect(0x89); // false: not by column
        expect(BINSTRING);
        byte[] content = bytes(littleEndian());
        scalarsUntil(BUILD);
        if (shape.size() != 3
                || !(shape.get(1) instanceof Integer rows)
                || !(shape.get(2) instanceof Integer columns)) {
            throw new FileFormatException("is a pickle with an array that is not two-dimensional");
        }
        if (rows < 1 || columns < 1 || (long) rows * columns != content.length) {
            throw damaged("an array in it declares " + rows + "x" + columns + " bytes but has " + content.length);
        }
        return new Table(rows, columns, content);
    }

    /** Reads up to an opcode, and returns the scalars before it, whatever tuples they are in. */
    private List<Object> scalarsUntil(int end) throws IOException {
        List<Object> scalars = new ArrayList<>();
        while (!accept(end)) {
            if (memoKey().isEmpty()) {
                int opcode = in.readUnsignedByte();
                if (!BETWEEN.contains(opcode)) {
                    scalars.add(scalar(opcode));
                }
            }
        }
        return scalars;
    }

    private void expectFunction(String expected) throws IOException {
        String path = name() + "." + name();
        if (!path.equals(expected)) {
            throw refersTo(path);
        }
    }

    /** Reads a line with the name of a module, or of a function in it. */
    private String name() throws IOException {
        StringBuilder name = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            if (name.length() == LONGEST_NAME) {
                throw damaged("a name in it is too long");
            }
            name.append(next >= ' ' && next <= '~' ? (char) next : '?');
        }
        return name.toString();
    }

    /** Reads bytes. Memory use grows with the actual data, not with the declared length. */
    private byte[] bytes(int length) throws IOException {
        charge(length);
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw new EOFException();
        }
        return content;
    }

    private void charge(int bytes) throws FileFormatException {
        if (bytes < 0 || bytes > bytesLeft) {
            throw new FileFormatException("is a pickle of more than " + (MAX_BYTES >> 20) + " MiB");
        }
        bytesLeft -= bytes;
    }

    /** Reads the next opcode if it is the given one. */
    private boolean accept(int opcode) throws IOException {
        in.mark(1);
        if (in.readUnsignedByte() == opcode) {
            return true;
        }
        in.reset();
        return false;
    }

    private void expect(int opcode) throws IOException {
        if (!accept(opcode)) {
            throw unexpected(in.readUnsignedByte());
        }
    }

    private FileFormatException unexpected(int opcode) throws IOException {
        return opcode == GLOBAL
                ? refersTo(name() + "." + name())
                : new FileFormatException(
                        "is not a pickle of plain data as Python 2 writes it: it has the opcode 0x%02x"
                                        .formatted(opcode)
                                + " in an unexpected place");
    }

    private static FileFormatException refersTo(String function) {
        return new FileFormatException("is a pickle that refers to " + function
                + ": it may contain only dictionaries, lists, strings, integers and NumPy arrays");
    }

    private static FileFormatException damaged(String what) {
        return new FileFormatException("is a damaged pickle: " + what);
    }
}
