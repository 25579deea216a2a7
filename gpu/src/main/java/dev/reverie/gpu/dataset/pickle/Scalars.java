package dev.reverie.gpu.dataset.pickle;

import java.io.IOException;

/** Reads the values that stand for themselves: constants, whole numbers, texts and bytes. */
final class Scalars {

    private static final int MAX_LONG_BYTES = Long.BYTES;

    private final PickleInput in;

    Scalars(PickleInput in) {
        this.in = in;
    }

    /**
     * The value that {@code opcode} begins.
     *
     * @throws PickleException if it begins none, so is of an opcode that data has no need of
     */
    Value read(int opcode) throws IOException, PickleException {
        return switch (opcode) {
            case Opcode.NONE -> Value.Constant.NONE;
            case Opcode.NEWTRUE -> Value.Constant.TRUE;
            case Opcode.NEWFALSE -> Value.Constant.FALSE;
            case Opcode.INT -> intLine(in.word());
            case Opcode.LONG -> longLine(in.word());
            case Opcode.BININT -> new Value.Whole((int) in.littleEndian(Integer.BYTES));
            case Opcode.BININT1 -> new Value.Whole(in.unsignedByte());
            case Opcode.BININT2 -> new Value.Whole(in.littleEndian(Short.BYTES));
            case Opcode.LONG1 -> signed(in.unsignedByte());
            case Opcode.STRING -> new Value.Bytes(Escapes.quoted(in.line()));
            case Opcode.BINSTRING, Opcode.BINBYTES -> new Value.Bytes(in.counted(Integer.BYTES));
            case Opcode.SHORT_BINSTRING, Opcode.SHORT_BINBYTES -> new Value.Bytes(in.counted(1));
            case Opcode.BINBYTES8, Opcode.BYTEARRAY8 -> new Value.Bytes(in.counted(Long.BYTES));
            case Opcode.UNICODE -> new Value.Text(Escapes.unicode(in.line()));
            case Opcode.BINUNICODE -> new Value.Text(PickleInput.utf8(in.counted(Integer.BYTES)));
            case Opcode.SHORT_BINUNICODE -> new Value.Text(PickleInput.utf8(in.counted(1)));
            case Opcode.BINUNICODE8 -> new Value.Text(PickleInput.utf8(in.counted(Long.BYTES)));
            default ->
                throw new PickleException(
                        "is no pickle of data: it has the opcode 0x%02x, which dictionaries, lists,".formatted(opcode)
                                + " texts, whole numbers and NumPy arrays do without");
        };
    }

    /** Protocol 0 writes truth values as numbers with a leading zero. */
    private static Value intLine(String word) throws PickleException {
        return switch (word) {
            case "01" -> Value.Constant.TRUE;
            case "00" -> Value.Constant.FALSE;
            default -> new Value.Whole(PickleInput.wholeNumber(word));
        };
    }

    private static Value longLine(String word) throws PickleException {
        String digits = word.endsWith("L") ? word.substring(0, word.length() - 1) : word;
        return new Value.Whole(PickleInput.wholeNumber(digits));
    }

    private Value signed(int length) throws IOException, PickleException {
        if (length > MAX_LONG_BYTES) {
            throw new PickleException("is a pickle with a number of more than 64 bits");
        }
        int unused = Long.SIZE - Byte.SIZE * length;
        return new Value.Whole(length == 0 ? 0 : in.littleEndian(length) << unused >> unused);
    }
}
