package dev.reverie.gpu.dataset.pickle;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Implements the functions that a pickle may call (see {@link AllowedFunction}). */
final class PickleCalls {

    private static final Set<String> BYTE_TYPES = Set.of("u1", "|u1", "uint8");
    private static final Set<String> LATIN_1 = Set.of("latin1", "latin-1", "iso-8859-1");
    private static final int STATE = 5;

    private final PickleInput in;

    PickleCalls(PickleInput in) {
        this.in = in;
    }

    /** Applies {@code function} to {@code arguments}. */
    PickleValue call(AllowedFunction function, List<PickleValue> arguments) throws PickleException {
        return switch (function) {
            case ENCODE -> encode(arguments);
            case ELEMENT_TYPE -> elementType(arguments);
            case RECONSTRUCT -> reconstruct(arguments);
            case FROM_BUFFER -> fromBuffer(arguments);
            case ARRAY -> throw misused(function);
        };
    }

    private PickleValue encode(List<PickleValue> arguments) throws PickleException {
        if (arguments.size() == 2
                && arguments.get(0) instanceof PickleValue.Text(String content)
                && LATIN_1.contains(arguments.get(1).text().orElse(""))) {
            in.charge(content.length());
            return new PickleValue.Bytes(content.getBytes(StandardCharsets.ISO_8859_1));
        }
        throw misused(AllowedFunction.ENCODE);
    }

    private static PickleValue elementType(List<PickleValue> arguments) throws PickleException {
        String name = arguments.stream()
                .findFirst()
                .flatMap(PickleValue::text)
                .orElseThrow(() -> misused(AllowedFunction.ELEMENT_TYPE));
        if (!BYTE_TYPES.contains(name)) {
            throw new PickleException("is a pickle with an array whose type is not uint8");
        }
        return PickleValue.ElementType.BYTE;
    }

    private static PickleValue reconstruct(List<PickleValue> arguments) throws PickleException {
        if (arguments.isEmpty()
                || !(arguments.getFirst() instanceof PickleValue.Named(AllowedFunction function))
                || function != AllowedFunction.ARRAY) {
            throw misused(AllowedFunction.RECONSTRUCT);
        }
        return new PickleValue.Array();
    }

    private static PickleValue fromBuffer(List<PickleValue> arguments) throws PickleException {
        if (arguments.size() < 4) {
            throw misused(AllowedFunction.FROM_BUFFER);
        }
        boolean byColumn = arguments.get(3).text().equals(Optional.of("F"));
        PickleValue.Array array = new PickleValue.Array();
        array.fill(contentOf(arguments.get(2), arguments.get(1), byColumn, arguments.get(0)));
        return array;
    }

    /** Fills {@code array} from the state that NumPy pickles: version, shape, type, order and bytes. */
    static void fill(PickleValue.Array array, PickleValue state) throws PickleException {
        if (!(state instanceof PickleValue.Sequence sequence)
                || sequence.items().size() != STATE
                || array.content().isPresent()) {
            throw misused(AllowedFunction.RECONSTRUCT);
        }
        List<PickleValue> items = sequence.items();
        boolean byColumn =
                items.get(3) == PickleValue.Constant.TRUE || items.get(3).equals(new PickleValue.Whole(1));
        array.fill(contentOf(items.get(1), items.get(2), byColumn, items.get(4)));
    }

    private static PickledArray contentOf(PickleValue shape, PickleValue type, boolean byColumn, PickleValue content)
            throws PickleException {
        if (type != PickleValue.ElementType.BYTE
                || !(shape instanceof PickleValue.Sequence sizes)
                || !(content instanceof PickleValue.Bytes bytes)) {
            throw misused(AllowedFunction.RECONSTRUCT);
        }
        if (sizes.items().size() != 2
                || !(sizes.items().get(0) instanceof PickleValue.Whole(long rows))
                || !(sizes.items().get(1) instanceof PickleValue.Whole(long columns))) {
            throw new PickleException("is a pickle with an array that is not two-dimensional");
        }
        int length = bytes.content().length;
        if (rows < 1 || columns < 1 || rows > length || columns > length || rows * columns != length) {
            throw PickleException.damaged(
                    "an array in it declares " + rows + "x" + columns + " bytes but has " + length);
        }
        return new PickledArray((int) rows, (int) columns, byColumn, bytes.content());
    }

    private static PickleException misused(AllowedFunction function) {
        return PickleException.damaged("it calls " + function + " with unexpected arguments");
    }
}
