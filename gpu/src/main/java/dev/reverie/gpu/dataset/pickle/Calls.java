package dev.reverie.gpu.dataset.pickle;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Does what the few functions do that a pickle may call, see {@link Function}. */
final class Calls {

    private static final Set<String> BYTE_TYPES = Set.of("u1", "|u1", "uint8");
    private static final Set<String> LATIN_1 = Set.of("latin1", "latin-1", "iso-8859-1");
    private static final int STATE = 5;

    private final PickleInput in;

    Calls(PickleInput in) {
        this.in = in;
    }

    /** What {@code function} makes of {@code arguments}. */
    Value call(Function function, List<Value> arguments) throws PickleException {
        return switch (function) {
            case ENCODE -> encode(arguments);
            case ELEMENT_TYPE -> elementType(arguments);
            case RECONSTRUCT -> reconstruct(arguments);
            case FROM_BUFFER -> fromBuffer(arguments);
            case ARRAY -> throw misused(function);
        };
    }

    private Value encode(List<Value> arguments) throws PickleException {
        if (arguments.size() == 2
                && arguments.get(0) instanceof Value.Text(String content)
                && LATIN_1.contains(arguments.get(1).text().orElse(""))) {
            in.charge(content.length());
            return new Value.Bytes(content.getBytes(StandardCharsets.ISO_8859_1));
        }
        throw misused(Function.ENCODE);
    }

    private static Value elementType(List<Value> arguments) throws PickleException {
        String name =
                arguments.stream().findFirst().flatMap(Value::text).orElseThrow(() -> misused(Function.ELEMENT_TYPE));
        if (!BYTE_TYPES.contains(name)) {
            throw new PickleException("is a pickle with an array of another type than unsigned bytes (uint8)");
        }
        return Value.ElementType.BYTE;
    }

    private static Value reconstruct(List<Value> arguments) throws PickleException {
        if (arguments.isEmpty()
                || !(arguments.getFirst() instanceof Value.Named(Function function))
                || function != Function.ARRAY) {
            throw misused(Function.RECONSTRUCT);
        }
        return new Value.Array();
    }

    private static Value fromBuffer(List<Value> arguments) throws PickleException {
        if (arguments.size() < 4) {
            throw misused(Function.FROM_BUFFER);
        }
        boolean byColumn = arguments.get(3).text().equals(Optional.of("F"));
        Value.Array array = new Value.Array();
        array.fill(table(arguments.get(2), arguments.get(1), byColumn, arguments.get(0)));
        return array;
    }

    /** Gives {@code array} the state that NumPy pickles: version, shape, type, order, bytes. */
    static void fill(Value.Array array, Value state) throws PickleException {
        if (!(state instanceof Value.Sequence sequence)
                || sequence.items().size() != STATE
                || array.table().isPresent()) {
            throw misused(Function.RECONSTRUCT);
        }
        List<Value> items = sequence.items();
        boolean byColumn = items.get(3) == Value.Constant.TRUE || items.get(3).equals(new Value.Whole(1));
        array.fill(table(items.get(1), items.get(2), byColumn, items.get(4)));
    }

    private static ByteTable table(Value shape, Value type, boolean byColumn, Value content) throws PickleException {
        if (type != Value.ElementType.BYTE
                || !(shape instanceof Value.Sequence sizes)
                || !(content instanceof Value.Bytes bytes)) {
            throw misused(Function.RECONSTRUCT);
        }
        if (sizes.items().size() != 2
                || !(sizes.items().get(0) instanceof Value.Whole(long rows))
                || !(sizes.items().get(1) instanceof Value.Whole(long columns))) {
            throw new PickleException("is a pickle with an array that is no table of rows and columns");
        }
        int length = bytes.content().length;
        if (rows < 1 || columns < 1 || rows > length || columns > length || rows * columns != length) {
            throw PickleException.damaged("an array in it claims " + rows + "x" + columns + " bytes and has " + length);
        }
        return new ByteTable((int) rows, (int) columns, byColumn, bytes.content());
    }

    private static PickleException misused(Function function) {
        return PickleException.damaged("it calls " + function + " with other arguments than NumPy does");
    }
}
