package dev.reverie.gpu.dataset.pickle;

import java.io.IOException;

/** Reads scalar values: constants, integers, strings and bytes. */
final class ScalarReader {

    private static final int MAX_LONG_BYTES = Long.BYTES;

    private final PickleInput in;

    ScalarReader(PickleInput in) {
        this.in = in;
    }

    /**
     * Reads the value that begins with {@code opcode}.
     *
     * @throws PickleException if plain data does not need the opcode
     */
    PickleValue read(int opcode) throws IOException, PickleException {
        return switch (opcode) {
            case PickleOpcode.NONE -> PickleValue.Constant.NONE;
            case PickleOpcode.NEWTRUE -> PickleValue.Constant.TRUE;
            case PickleOpcode.NEWFALSE -> PickleValue.Constant.FALSE;
            case PickleOpcode.INT -> intLine(in.word());
            case PickleOpcode.LONG -> longLine(in.word());
            case PickleOpcode.BININT -> new PickleValue.Whole((int) in.littleEndian(Integer.BYTES));
            case PickleOpcode.BININT1 -> new PickleValue.Whole(in.unsignedByte());
            case PickleOpcode.BININT2 -> new PickleValue.Whole(in.littleEndian(Short.BYTES));
            case PickleOpcode.LONG1 -> signed(in.unsignedByte());
            case PickleOpcode.STRING -> new PickleValue.Bytes(EscapeSequences.quoted(in.line()));
            case PickleOpcode.BINSTRING, PickleOpcode.BINBYTES -> new PickleValue.Bytes(in.counted(Integer.BYTES));
            case PickleOpcode.SHORT_BINSTRING, PickleOpcode.SHORT_BINBYTES -> new PickleValue.Bytes(in.counted(1));
            case PickleOpcode.BINBYTES8, PickleOpcode.BYTEARRAY8 -> new PickleValue.Bytes(in.counted(Long.BYTES));
            case PickleOpcode.UNICODE -> new PickleValue.Text(EscapeSequences.unicode(in.line()));
            case PickleOpcode.BINUNICODE -> new PickleValue.Text(PickleInput.utf8(in.counted(Integer.BYTES)));
            case PickleOpcode.SHORT_BINUNICODE -> new PickleValue.Text(PickleInput.utf8(in.counted(1)));
            case PickleOpcode.BINUNICODE8 -> new PickleValue.Text(PickleInput.utf8(in.counted(Long.BYTES)));
            default ->
                throw new PickleException(
                        "is not a pickle of plain data: it has the opcode 0x%02x, which dictionaries, lists,"
                                        .formatted(opcode)
                                + " strings, integers and NumPy arrays do not need");
        };
    }

    /** Protocol 0 writes booleans as numbers with a leading zero. */
    private static PickleValue intLine(String word) throws PickleException {
        return switch (word) {
            case "01" -> PickleValue.Constant.TRUE;
            case "00" -> PickleValue.Constant.FALSE;
            default -> new PickleValue.Whole(PickleInput.wholeNumber(word));
        };
    }

    private static PickleValue longLine(String word) throws PickleException {
        String digits = word.endsWith("L") ? word.substring(0, word.length() - 1) : word;
        return new PickleValue.Whole(PickleInput.wholeNumber(digits));
    }

    private PickleValue signed(int length) throws IOException, PickleException {
        if (length > MAX_LONG_BYTES) {
            throw new PickleException("is a pickle with a number of more than 64 bits");
        }
        int unused = Long.SIZE - Byte.SIZE * length;
        return new PickleValue.Whole(length == 0 ? 0 : in.littleEndian(length) << unused >> unused);
    }
}
