package dev.reverie.gpu.dataset.pickle;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the stack machine of pickle protocols 0 to 5, limited to the opcodes that plain data needs (<a
 * href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">pickletools</a> describes all opcodes). Opcodes
 * are processed without recursion.
 */
final class Unpickler {

    /** Twelve times the number of values in the largest published file. */
    private static final int MAX_VALUES = 1 << 21;

    private static final int LONGEST_NAME = 1000;
    private static final int NEWEST_PROTOCOL = 5;
    private static final int FRAME_LENGTH = 8;

    private final PickleInput in;
    private final ScalarReader scalars;
    private final PickleCalls calls;
    private final Deque<List<PickleValue>> below = new ArrayDeque<>();
    private final Map<Long, PickleValue> memo = new HashMap<>();
    private List<PickleValue> stack = new ArrayList<>();
    private int values;

    Unpickler(PickleInput in) {
        this.in = in;
        this.scalars = new ScalarReader(in);
        this.calls = new PickleCalls(in);
    }

    /** Reads one pickle and leaves the rest of the input unread. */
    PickleValue read() throws IOException, PickleException {
        for (int opcode = in.unsignedByte(); opcode != PickleOpcode.STOP; opcode = in.unsignedByte()) {
            step(opcode);
        }
        return pop();
    }

    private void step(int opcode) throws IOException, PickleException {
        switch (opcode) {
            case PickleOpcode.PROTO -> protocol(in.unsignedByte());
            case PickleOpcode.FRAME -> in.littleEndian(FRAME_LENGTH);
            case PickleOpcode.MARK -> mark();
            case PickleOpcode.POP -> drop();
            case PickleOpcode.POP_MARK -> sinceMark();
            case PickleOpcode.DUP -> push(top());
            case PickleOpcode.EMPTY_LIST, PickleOpcode.EMPTY_TUPLE -> push(new PickleValue.Sequence(List.of()));
            case PickleOpcode.LIST, PickleOpcode.TUPLE -> push(new PickleValue.Sequence(sinceMark()));
            case PickleOpcode.TUPLE1, PickleOpcode.TUPLE2, PickleOpcode.TUPLE3 ->
                push(new PickleValue.Sequence(last(opcode - PickleOpcode.TUPLE1 + 1)));
            case PickleOpcode.APPEND -> append(last(1));
            case PickleOpcode.APPENDS -> append(sinceMark());
            case PickleOpcode.EMPTY_DICT -> push(new PickleValue.Dictionary());
            case PickleOpcode.DICT -> dictionary(sinceMark());
            case PickleOpcode.SETITEM -> set(last(2));
            case PickleOpcode.SETITEMS -> set(sinceMark());
            case PickleOpcode.PUT -> memoise(in.number());
            case PickleOpcode.BINPUT -> memoise(in.unsignedByte());
            case PickleOpcode.LONG_BINPUT -> memoise(in.littleEndian(Integer.BYTES));
            case PickleOpcode.MEMOIZE -> memoise(memo.size());
            case PickleOpcode.GET -> recall(in.number());
            case PickleOpcode.BINGET -> recall(in.unsignedByte());
            case PickleOpcode.LONG_BINGET -> recall(in.littleEndian(Integer.BYTES));
            case PickleOpcode.GLOBAL -> push(new PickleValue.Named(AllowedFunction.named(in.word(), in.word())));
            case PickleOpcode.STACK_GLOBAL -> stackGlobal(last(2));
            case PickleOpcode.INST -> throw instantiation(AllowedFunction.named(in.word(), in.word()));
            case PickleOpcode.REDUCE -> reduce(last(2));
            case PickleOpcode.BUILD -> build(pop());
            default -> push(scalars.read(opcode));
        }
    }

    private static void protocol(int protocol) throws PickleException {
        if (protocol > NEWEST_PROTOCOL) {
            throw new PickleException("is a pickle of protocol " + protocol + ", but only protocols up to "
                    + NEWEST_PROTOCOL + " are supported");
        }
    }

    private void push(PickleValue value) throws PickleException {
        count();
        stack.add(value);
    }

    private void count() throws PickleException {
        if (++values > MAX_VALUES) {
            throw new PickleException("is a pickle of more than " + MAX_VALUES + " values");
        }
    }

    private PickleValue top() throws PickleException {
        if (stack.isEmpty()) {
            throw underflow();
        }
        return stack.getLast();
    }

    private PickleValue pop() throws PickleException {
        PickleValue top = top();
        stack.removeLast();
        return top;
    }

    /** Pops the topmost values and returns them in the order in which they were pushed. */
    private List<PickleValue> last(int count) throws PickleException {
        if (stack.size() < count) {
            throw underflow();
        }
        List<PickleValue> top = stack.subList(stack.size() - count, stack.size());
        List<PickleValue> popped = List.copyOf(top);
        top.clear();
        return popped;
    }

    private void mark() throws PickleException {
        count();
        below.push(stack);
        stack = new ArrayList<>();
    }

    /** Pops the last mark and all values above it. */
    private List<PickleValue> sinceMark() throws PickleException {
        if (below.isEmpty()) {
            throw underflow();
        }
        List<PickleValue> popped = stack;
        stack = below.pop();
        return popped;
    }

    /** Pops one value, or the mark if no value is above it. */
    private void drop() throws PickleException {
        if (stack.isEmpty()) {
            sinceMark();
        } else {
            pop();
        }
    }

    private void append(List<PickleValue> items) throws PickleException {
        if (!(top() instanceof PickleValue.Sequence list)) {
            throw PickleException.damaged("it appends to something that is not a list");
        }
        list.items().addAll(items);
    }

    private void dictionary(List<PickleValue> items) throws PickleException {
        push(new PickleValue.Dictionary());
        set(items);
    }

    private void set(List<PickleValue> items) throws PickleException {
        if (!(top() instanceof PickleValue.Dictionary dictionary) || items.size() % 2 != 0) {
            throw PickleException.damaged("it sets entries of something that is not a dictionary");
        }
        for (int i = 0; i < items.size(); i += 2) {
            String key = items.get(i)
                    .text()
                    .orElseThrow(
                            () -> new PickleException("is a pickle with a dictionary whose keys are not all strings"));
            dictionary.entries().put(key, items.get(i + 1));
        }
    }

    private void memoise(long key) throws PickleException {
        count();
        memo.put(key, top());
    }

    private void recall(long key) throws PickleException {
        PickleValue value = memo.get(key);
        if (value == null) {
            throw PickleException.damaged("it refers to an unknown value");
        }
        push(value);
    }

    private void stackGlobal(List<PickleValue> names) throws PickleException {
        push(new PickleValue.Named(AllowedFunction.named(name(names.get(0)), name(names.get(1)))));
    }

    private static String name(PickleValue value) throws PickleException {
        return value.text()
                .filter(name -> name.length() <= LONGEST_NAME)
                .orElseThrow(() -> PickleException.damaged("it names something with " + value.kind()));
    }

    private void reduce(List<PickleValue> call) throws PickleException {
        if (!(call.get(0) instanceof PickleValue.Named(AllowedFunction function))
                || !(call.get(1) instanceof PickleValue.Sequence arguments)) {
            throw PickleException.damaged("it calls something that is not a function");
        }
        push(calls.call(function, arguments.items()));
    }

    private void build(PickleValue state) throws PickleException {
        switch (top()) {
            case PickleValue.Array array -> PickleCalls.fill(array, state);
            case PickleValue.ElementType _ -> {} // byte order and alignment are irrelevant for single bytes
            default -> throw PickleException.damaged("it sets the state of " + top().kind());
        }
    }

    private static PickleException instantiation(AllowedFunction function) {
        return PickleException.damaged("it instantiates " + function);
    }

    private static PickleException underflow() {
        return PickleException.damaged("it takes more values than the stack holds");
    }
}
