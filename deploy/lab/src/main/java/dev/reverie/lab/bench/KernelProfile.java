package dev.reverie.lab.bench;

import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.lang.reflect.Proxy;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Profiles kernels: records the time, operations and bytes of every call by phase, calling class and primitive.
 * Recording costs a few microseconds per call. Thread safe.
 */
public final class KernelProfile {

    private static final double NANOS = 1e9;
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final LongSupplier nanos;
    private final Map<Account, Entries> accounts = new ConcurrentHashMap<>();
    private volatile String phase = "";

    public KernelProfile(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Account(String phase, String caller, String kernel) {}

    private record Entries(LongAdder calls, LongAdder nanos, LongAdder flop, LongAdder bytes) {

        Entries() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    /** Wraps kernels so that this profile records their calls, but not those of kernels that only a device has. */
    public Kernels profiling(Kernels kernels) {
        int elementSize = kernels.precision() == Precision.DOUBLE ? Double.BYTES : Float.BYTES;
        return WatchedCalls.of(Kernels.class, kernels, (kernel, arguments) -> {
            long bytes = elementSize * touched(kernel, arguments);
            return bytes == 0 ? () -> {} : begun(new Account(phase, caller(), kernel), flop(kernel, arguments), bytes);
        });
    }

    /** Wraps an engine that computes with profiled kernels so that each kind of task is a phase of this profile. */
    public DistillationEngine profiling(DistillationEngine engine) {
        return WatchedCalls.before(
                DistillationEngine.class, engine, (task, _) -> enter(task.equals("trainCopy") ? "train" : task));
    }

    /** Starts the phase {@code name}; the following calls belong to this phase. */
    public void enter(String name) {
        phase = name;
    }

    private static String caller() {
        Set<Class<?>> watchers = Set.of(KernelProfile.class, WatchedCalls.class);
        return STACK.walk(frames -> frames.map(StackWalker.StackFrame::getDeclaringClass)
                .filter(type -> !watchers.contains(type) && !Proxy.isProxyClass(type))
                .findFirst()
                .map(Class::getSimpleName)
                .orElse(""));
    }

    private Runnable begun(Account account, long flop, long bytes) {
        Entries entries = accounts.computeIfAbsent(account, _ -> new Entries());
        long start = nanos.getAsLong();
        return () -> {
            entries.nanos.add(nanos.getAsLong() - start);
            entries.calls.increment();
            entries.flop.add(flop);
            entries.bytes.add(bytes);
        };
    }

    /**
     * Returns the floating-point operations of the mathematical definition of a kernel, 0 if it is bound by memory.
     * Each multiply-add counts as two operations, and taps on the padding count like all others.
     */
    private static long flop(String kernel, List<Object> arguments) {
        return switch (kernel) {
            case "convolve" -> ofConvolution(tensor(arguments, 3), tensor(arguments, 1));
            case "weightGradient" -> ofConvolution(tensor(arguments, 1), tensor(arguments, 3));
            case "convolutionGradients" -> 2 * ofConvolution(tensor(arguments, 2), tensor(arguments, 1));
            case "gram", "addGramGradient" ->
                2 * tensor(arguments, 0).size() * tensor(arguments, 0).dimension(1);
            case "multiply" -> {
                Factor left = (Factor) arguments.get(0);
                yield 2 * tensor(arguments, 3).size() * left.columns();
            }
            default -> 0;
        };
    }

    private static long ofConvolution(Tensor output, Tensor weights) {
        return 2 * output.size() * weights.dimension(1) * weights.dimension(2) * weights.dimension(3);
    }

    private static Tensor tensor(List<Object> arguments, int index) {
        return (Tensor) arguments.get(index);
    }

    /** Returns the number of elements that a kernel reads and writes, without values per channel or plane. */
    private static long touched(String kernel, List<Object> arguments) {
        Set<Integer> updated = updated(kernel);
        return IntStream.range(0, arguments.size())
                .mapToLong(i -> (updated.contains(i) ? 2 : 1) * elements(arguments.get(i)))
                .sum();
    }

    private static long elements(Object argument) {
        return switch (argument) {
            case Tensor tensor -> tensor.size();
            case InstanceNorm norm -> norm.z().size();
            case NormDerivative derivative -> derivative.z().size();
            case Factor factor -> factor.matrix().size();
            default -> 0;
        };
    }

    /** The indices of the arguments that a kernel both reads and writes. */
    private static Set<Integer> updated(String kernel) {
        return switch (kernel) {
            case "add", "addAndRectify", "rectifyGradient" -> Set.of(1);
            case "addGramGradient", "addMomentsGradient" -> Set.of(2);
            case "descend" -> Set.of(0, 1);
            default -> Set.of();
        };
    }

    /** Discards everything recorded so far, for example a warm-up. */
    public void reset() {
        accounts.clear();
    }

    /** The kernel calls since the last reset, in descending order of time. */
    public List<KernelUse> uses() {
        return accounts.entrySet().stream()
                .map(entry -> use(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingDouble(KernelUse::seconds).reversed())
                .toList();
    }

    public double flop() {
        return uses().stream().mapToDouble(KernelUse::flop).sum();
    }

    private static KernelUse use(Account account, Entries entries) {
        return new KernelUse(
                account.phase,
                account.caller,
                account.kernel,
                entries.calls.sum(),
                entries.nanos.sum() / NANOS,
                entries.flop.sum(),
                entries.bytes.sum());
    }

    /**
     * The calls to one kernel by one caller in one phase, summed over threads.
     *
     * @param flop number of floating-point operations in the mathematical definition; 0 for memory-bound kernels
     * @param bytes number of bytes that the calls read and write if nothing is cached
     */
    public record KernelUse(
            String phase, String caller, String kernel, long calls, double seconds, double flop, double bytes) {}
}
