package dev.reverie.gpu.profile;

import dev.reverie.gpu.profile.ForwardingKernels.Kind;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Profiles kernels: forwards every call and records its time, operations and bytes by phase, calling class and
 * primitive. Recording costs a few microseconds per call. A profile is as thread safe as the kernels that it wraps.
 */
public final class KernelProfile extends ForwardingKernels {

    private static final double NANOS = 1e9;
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final LongSupplier nanos;
    private final Map<Account, Entries> accounts = new ConcurrentHashMap<>();
    private volatile String phase = "";

    /**
     * Starts a profile of {@code kernels}.
     *
     * @param nanos a monotonic clock in nanoseconds
     */
    public KernelProfile(Kernels kernels, LongSupplier nanos) {
        super(kernels);
        this.nanos = nanos;
    }

    private record Account(String phase, String caller, String kernel) {}

    private record Entries(LongAdder calls, LongAdder nanos, LongAdder flop, LongAdder bytes) {

        Entries() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    /** Starts the phase {@code name}; the following calls belong to this phase. */
    public void enter(String name) {
        phase = name;
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

    /** Floating-point operations since the last reset. */
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

    @Override
    void watch(Kind kernel, long flop, Runnable call, Tensor... touched) {
        String caller = STACK.walk(frames -> frames.map(StackWalker.StackFrame::getDeclaringClass)
                .filter(type -> !ForwardingKernels.class.isAssignableFrom(type))
                .findFirst()
                .map(Class::getSimpleName)
                .orElse(""));
        Entries entries = accounts.computeIfAbsent(new Account(phase, caller, kernel.label()), any -> new Entries());
        long start = nanos.getAsLong();
        call.run();
        entries.nanos.add(nanos.getAsLong() - start);
        entries.calls.increment();
        entries.flop.add(flop);
        entries.bytes.add(Stream.of(touched).mapToLong(Tensor::size).sum() * elementSize());
    }

    private int elementSize() {
        return precision() == Precision.DOUBLE ? Double.BYTES : Float.BYTES;
    }

    /**
     * The calls to one kernel by one caller in one phase, summed over threads.
     *
     * @param phase phase of the profile; see {@link KernelProfile#enter}
     * @param caller simple name of the calling class
     * @param kernel name of the primitive
     * @param calls number of calls
     * @param seconds time spent in the calls, in seconds
     * @param flop number of floating-point operations in the mathematical definition; 0 for memory-bound kernels
     * @param bytes number of bytes that the calls read and write if nothing is cached
     */
    public record KernelUse(
            String phase, String caller, String kernel, long calls, double seconds, double flop, double bytes) {}
}
