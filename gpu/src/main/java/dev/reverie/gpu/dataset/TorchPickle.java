package dev.reverie.gpu.dataset;

import dev.reverie.npz.NpzArchive;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the tensors in the pickle of a file of PyTorch, in their order. Nothing in it is executed, and no objects are
 * made: opcodes are read one after another, and the lists and dictionaries around the tensors do not matter. A tensor
 * is
 *
 * <pre>
 *   'storage', type, key, device, items, BINPERSID, offset, sizes, strides, NEWTRUE or NEWFALSE
 * </pre>
 */
final class TorchPickle {

    /** MARK, NONE, tuples, lists, dictionaries, APPEND, APPENDS, SETITEM, SETITEMS and REDUCE. */
    private static final String STRUCTURE = "(N)t\u0085\u0086\u0087]}aesuR";

    /** The places of the type and the key of a tensor, before that of BINPERSID. */
    private static final int TYPE = 4;

    private static final int KEY = 3;
    private static final int LONGEST_NAME = 80;
    private static final int STOP = '.';

    private static final Set<String> FUNCTIONS = Set.of("torch._utils._rebuild_tensor_v2", "collections.OrderedDict");

    /** The types of items in NumPy, by their storage in PyTorch. */
    private static final Map<String, String> TYPES = Map.of(
            "torch.FloatStorage", "f4",
            "torch.DoubleStorage", "f8",
            "torch.HalfStorage", "f2",
            "torch.LongStorage", "i8",
            "torch.IntStorage", "i4",
            "torch.ShortStorage", "i2",
            "torch.CharStorage", "i1",
            "torch.ByteStorage", "u1",
            "torch.BoolStorage", "b1");

    private final ByteBuffer in;
    private final Map<Integer, Object> memo = new HashMap<>();
    private final List<Tensor> tensors = new ArrayList<>();
    /** The texts, integers and names since the last tensor. */
    private final List<Object> scalars = new ArrayList<>();

    /** Number of the scalars before the last BINPERSID; 0 if a tensor has ended since. */
    private int storage;

    private int previous = STOP;

    private TorchPickle(byte[] pickle) {
        this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Where the items of a tensor are, which follow each other in row-major order.
     *
     * @param type type of the items as NumPy describes it, without the order of bytes
     * @param key name of the entry that contains the items, with others
     * @param offset number of items before them
     */
    record Tensor(String type, String key, int offset, List<Integer> shape) {}

    /** Returns the first tensors of a pickle. What follows them is not read. */
    static List<Tensor> tensors(byte[] pickle, int most) throws IOException {
        TorchPickle reader = new TorchPickle(pickle);
        try {
            boolean ends = false;
            while (!ends && reader.tensors.size() < most) {
                ends = reader.readsEnd(Byte.toUnsignedInt(reader.in.get()));
            }
        } catch (BufferUnderflowException _) {
            throw new FileFormatException("is truncated: its pickle ends too early");
        }
        return reader.tensors;
    }

    /** Reads an opcode with its arguments; returns whether it was the last one. */
    private boolean readsEnd(int opcode) throws FileFormatException {
        int before = previous;
        previous = opcode;
        switch (opcode) {
            case 0x80 -> in.get(); // PROTO
            case 'X' -> scalars.add(text(in.getInt())); // BINUNICODE
            case 'J' -> scalars.add(in.getInt()); // BININT
            case 'K' -> scalars.add(Byte.toUnsignedInt(in.get())); // BININT1
            case 'M' -> scalars.add(Short.toUnsignedInt(in.getShort())); // BININT2
            case 'G' -> in.getLong(); // BINFLOAT
            case 'c' -> scalars.add(global()); // GLOBAL
            case 'q' -> remember(Byte.toUnsignedInt(in.get()), before); // BINPUT
            case 'r' -> remember(in.getInt(), before); // LONG_BINPUT
            case 'h' -> recall(Byte.toUnsignedInt(in.get())); // BINGET
            case 'j' -> recall(in.getInt()); // LONG_BINGET
            case 'Q' -> storage = scalars.size(); // BINPERSID
            case 0x88, 0x89 -> endTensor(); // NEWTRUE, NEWFALSE
            default -> {
                if (opcode != STOP && STRUCTURE.indexOf(opcode) < 0) {
                    throw damaged("it has the opcode 0x%02x, which no list of tensors has".formatted(opcode));
                }
            }
        }
        return opcode == STOP;
    }

    private String text(int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Reads a line with the name of a module, and one with that of a function or type in it. */
    private String global() throws FileFormatException {
        String name = line() + "." + line();
        if (!FUNCTIONS.contains(name) && !TYPES.containsKey(name)) {
            throw new FileFormatException("has a pickle that refers to " + name
                    + ": save only tensors of numbers, with torch.save((images, labels), file)");
        }
        return name;
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (byte next = in.get(); next != '\n'; next = in.get()) {
            if (line.length() < LONGEST_NAME) {
                line.append(next >= ' ' && next <= '~' ? (char) next : '?');
            }
        }
        return line.toString();
    }

    /** Remembers a scalar under a number. Lists and tuples have numbers, too, but nothing refers to them. */
    private void remember(int number, int opcodeBefore) {
        if (opcodeBefore == 'X' || opcodeBefore == 'c') {
            memo.put(number, scalars.getLast());
        }
    }

    private void recall(int number) throws FileFormatException {
        scalars.add(Optional.ofNullable(memo.get(number))
                .orElseThrow(() -> damaged("it refers to something that is neither a text nor a name")));
    }

    /** Ends a tensor, unless the truth value is part of something else. */
    private void endTensor() throws FileFormatException {
        if (storage == 0) {
            return;
        }
        List<Integer> integers = scalars.subList(storage, scalars.size()).stream()
                .flatMap(scalar ->
                        scalar instanceof Integer integer && integer >= 0 ? Stream.of(integer) : Stream.empty())
                .toList();
        if (storage < TYPE
                || !(scalars.get(storage - KEY) instanceof String key)
                || !(scalars.get(storage - TYPE) instanceof String type)
                || !TYPES.containsKey(type)
                || integers.size() % 2 == 0) {
            throw damaged("a tensor in it is incomplete");
        }
        int end = 1 + integers.size() / 2;
        List<Integer> shape = integers.subList(1, end);
        requireRowMajor(shape, integers.subList(end, integers.size()));
        tensors.add(new Tensor(TYPES.getOrDefault(type, ""), key, integers.getFirst(), shape));
        storage = 0;
        scalars.clear();
    }

    private static void requireRowMajor(List<Integer> shape, List<Integer> strides) throws FileFormatException {
        long stride = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            if (shape.get(i) > 1 && strides.get(i) != stride) {
                throw new FileFormatException(
                        "has a tensor whose items do not follow each other: save it with .contiguous()");
            }
            stride *= shape.get(i);
            if (stride > NpzArchive.MAX_BYTES) {
                throw new FileFormatException(
                        "has a tensor of more than the " + NpzArchive.MAX_BYTES + " items allowed");
            }
        }
    }

    private static FileFormatException damaged(String what) {
        return new FileFormatException("has a damaged pickle: " + what);
    }
}
