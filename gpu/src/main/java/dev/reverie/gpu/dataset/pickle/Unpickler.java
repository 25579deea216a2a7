package dev.reverie.gpu.dataset.pickle;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stack machine of pickles, protocols 0 to 5, with the opcodes that data needs (<a
 * href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">pickletools</a> describes them all). It works
 * through the opcodes one by one, without recursion.
 */
final class Unpickler {

    /** Twelve times what the largest published file has. */
    private static final int MAX_VALUES = 1 << 21;

    private static final int LONGEST_NAME = 1000;
    private static final int NEWEST_PROTOCOL = 5;
    private static final int FRAME_LENGTH = 8;

    private final PickleInput in;
    private final Scalars scalars;
    private final Calls calls;
    private final Deque<List<Value>> below = new ArrayDeque<>();
    private final Map<Long, Value> memo = new HashMap<>();
    private List<Value> stack = new ArrayList<>();
    private int values;

    Unpickler(PickleInput in) {
        this.in = in;
        this.scalars = new Scalars(in);
        this.calls = new Calls(in);
    }

    /** Reads one pickle; what comes after it is left. */
    Value read() throws IOException, PickleException {
        for (int opcode = in.unsignedByte(); opcode != Opcode.STOP; opcode = in.unsignedByte()) {
            step(opcode);
        }
        return pop();
    }

    private void step(int opcode) throws IOException, PickleException {
        switch (opcode) {
            case Opcode.PROTO -> protocol(in.unsignedByte());
            case Opcode.FRAME -> in.littleEndian(FRAME_LENGTH);
            case Opcode.MARK -> mark();
            case Opcode.POP -> drop();
            case Opcode.POP_MARK -> sinceMark();
            case Opcode.DUP -> push(top());
            case Opcode.EMPTY_LIST, Opcode.EMPTY_TUPLE -> push(new Value.Sequence(List.of()));
            case Opcode.LIST, Opcode.TUPLE -> push(new Value.Sequence(sinceMark()));
            case Opcode.TUPLE1, Opcode.TUPLE2, Opcode.TUPLE3 ->
                push(new Value.Sequence(last(opcode - Opcode.TUPLE1 + 1)));
            case Opcode.APPEND -> append(last(1));
            case Opcode.APPENDS -> append(sinceMark());
            case Opcode.EMPTY_DICT -> push(new Value.Dictionary());
            case Opcode.DICT -> dictionary(sinceMark());
            case Opcode.SETITEM -> set(last(2));
            case Opcode.SETITEMS -> set(sinceMark());
            case Opcode.PUT -> memoise(in.number());
            case Opcode.BINPUT -> memoise(in.unsignedByte());
            case Opcode.LONG_BINPUT -> memoise(in.littleEndian(Integer.BYTES));
            case Opcode.MEMOIZE -> memoise(memo.size());
            case Opcode.GET -> recall(in.number());
            case Opcode.BINGET -> recall(in.unsignedByte());
            case Opcode.LONG_BINGET -> recall(in.littleEndian(Integer.BYTES));
            case Opcode.GLOBAL -> push(new Value.Named(Function.named(in.word(), in.word())));
            case Opcode.STACK_GLOBAL -> stackGlobal(last(2));
            case Opcode.INST -> throw unasked(Function.named(in.word(), in.word()));
            case Opcode.REDUCE -> reduce(last(2));
            case Opcode.BUILD -> build(pop());
            default -> push(scalars.read(opcode));
        }
    }

    private static void protocol(int protocol) throws PickleException {
        if (protocol > NEWEST_PROTOCOL) {
            throw new PickleException(
                    "is a pickle of protocol " + protocol + ": save it with protocol " + NEWEST_PROTOCOL + " or older");
        }
    }

    private void push(Value value) throws PickleException {
        count();
        stack.add(value);
    }

    private void count() throws PickleException {
        if (++values > MAX_VALUES) {
            throw new PickleException("is a pickle of more than " + MAX_VALUES + " values");
        }
    }

    private Value top() throws PickleException {
        if (stack.isEmpty()) {
            throw underflow();
        }
        return stack.getLast();
    }

    private Value pop() throws PickleException {
        Value top = top();
        stack.removeLast();
        return top;
    }

    /** Takes the uppermost values, in the order in which they came. */
    private List<Value> last(int count) throws PickleException {
        if (stack.size() < count) {
            throw underflow();
        }
        List<Value> tail = stack.subList(stack.size() - count, stack.size());
        List<Value> taken = List.copyOf(tail);
        tail.clear();
        return taken;
    }

    private void mark() throws PickleException {
        count();
        below.push(stack);
        stack = new ArrayList<>();
    }

    /** Takes all values since the last mark, and the mark. */
    private List<Value> sinceMark() throws PickleException {
        if (below.isEmpty()) {
            throw underflow();
        }
        List<Value> taken = stack;
        stack = below.pop();
        return taken;
    }

    /** Takes one value, or a mark if there is none above it. */
    private void drop() throws PickleException {
        if (stack.isEmpty()) {
            sinceMark();
        } else {
            pop();
        }
    }

    private void append(List<Value> items) throws PickleException {
        if (!(top() instanceof Value.Sequence list)) {
            throw PickleException.damaged("it appends to something that is no list");
        }
        list.items().addAll(items);
    }

    private void dictionary(List<Value> items) throws PickleException {
        push(new Value.Dictionary());
        set(items);
    }

    private void set(List<Value> items) throws PickleException {
        if (!(top() instanceof Value.Dictionary dictionary) || items.size() % 2 != 0) {
            throw PickleException.damaged("it sets entries of something that is no dictionary");
        }
        for (int i = 0; i < items.size(); i += 2) {
            String key = items.get(i)
                    .text()
                    .orElseThrow(() -> new PickleException("is a pickle with a dictionary by other keys than texts"));
            dictionary.entries().put(key, items.get(i + 1));
        }
    }

    private void memoise(long key) throws PickleException {
        count();
        memo.put(key, top());
    }

    private void recall(long key) throws PickleException {
        Value value = memo.get(key);
        if (value == null) {
            throw PickleException.damaged("it comes back to a value that was not there before");
        }
        push(value);
    }

    private void stackGlobal(List<Value> names) throws PickleException {
        push(new Value.Named(Function.named(name(names.get(0)), name(names.get(1)))));
    }

    private static String name(Value value) throws PickleException {
        return value.text()
                .filter(name -> name.length() <= LONGEST_NAME)
                .orElseThrow(() -> PickleException.damaged("it names something by " + value.kind()));
    }

    private void reduce(List<Value> call) throws PickleException {
        if (!(call.get(0) instanceof Value.Named(Function function))
                || !(call.get(1) instanceof Value.Sequence arguments)) {
            throw PickleException.damaged("it calls something that is no function");
        }
        push(calls.call(function, arguments.items()));
    }

    private void build(Value state) throws PickleException {
        switch (top()) {
            case Value.Array array -> Calls.fill(array, state);
            case Value.ElementType _ -> {} // the order of bytes and the alignment say nothing of a single byte
            default -> throw PickleException.damaged("it gives a state to " + top().kind());
        }
    }

    private static PickleException unasked(Function function) {
        return PickleException.damaged("it makes an object of " + function);
    }

    private static PickleException underflow() {
        return PickleException.damaged("it takes more values than it has put down");
    }
}
