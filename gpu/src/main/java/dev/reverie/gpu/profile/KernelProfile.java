package dev.reverie.gpu.profile;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Kernels that keep accounts: every call is passed on, and its time, operations and bytes are put down under the phase,
 * the calling class and the primitive. Takes a few microseconds a call. Thread safe as the kernels behind it are.
 */
public final class KernelProfile implements Kernels {

    private static final int TAPS = KERNEL * KERNEL;
    private static final double NANOS = 1e9;
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final Kernels kernels;
    private final LongSupplier nanos;
    private final Map<Account, Entries> accounts = new ConcurrentHashMap<>();
    private volatile String phase = "";

    /**
     * Watches {@code kernels}.
     *
     * @param nanos a monotonic clock in nanoseconds
     */
    public KernelProfile(Kernels kernels, LongSupplier nanos) {
        this.kernels = kernels;
        this.nanos = nanos;
    }

    private record Account(String phase, String caller, String kernel) {}

    private record Entries(LongAdder calls, LongAdder nanos, LongAdder flop, LongAdder bytes) {

        Entries() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    /** Calls from now on belong to {@code name}. */
    public void enter(String name) {
        phase = name;
    }

    /** Forgets everything so far, a warm-up for example. */
    public void reset() {
        accounts.clear();
    }

    /** What was done since the last reset, the most time first. */
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

    private void account(String kernel, long flop, Runnable call, Tensor... touched) {
        String caller = STACK.walk(frames -> frames.map(StackWalker.StackFrame::getDeclaringClass)
                .filter(type -> type != KernelProfile.class)
                .findFirst()
                .map(Class::getSimpleName)
                .orElse(""));
        Entries entries = accounts.computeIfAbsent(new Account(phase, caller, kernel), any -> new Entries());
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

    /** Multiply-adds of a convolution count two; taps that fall on the padding are counted like all others. */
    private static long flop(Tensor output, int inputChannels) {
        return 2 * output.size() * inputChannels * TAPS;
    }

    @Override
    public Precision precision() {
        return kernels.precision();
    }

    @Override
    public Tensor allocate(int... shape) {
        return kernels.allocate(shape);
    }

    @Override
    public void convolve(Tensor x, Tensor w, int padding, Tensor y) {
        account("convolve", flop(y, x.dimension(1)), () -> kernels.convolve(x, w, padding, y), x, w, y);
    }

    @Override
    public void adjointWeights(Tensor w, Tensor adjoint) {
        account("adjointWeights", 0, () -> kernels.adjointWeights(w, adjoint), w, adjoint);
    }

    @Override
    public void weightGradient(Tensor x, Tensor dy, int padding, Tensor dw) {
        account(
                "weightGradient",
                flop(dy, x.dimension(1)),
                () -> kernels.weightGradient(x, dy, padding, dw),
                x,
                dy,
                dw);
    }

    @Override
    public void convolutionGradients(Tensor x, Tensor w, Tensor dy, int padding, Tensor dx, Tensor dw) {
        account(
                "convolutionGradients",
                2 * flop(dy, x.dimension(1)),
                () -> kernels.convolutionGradients(x, w, dy, padding, dx, dw),
                x,
                w,
                dy,
                dx,
                dw);
    }

    @Override
    public void tail(Tensor z, Affine affine, Tensor statistics, Tensor p) {
        account("tail", 0, () -> kernels.tail(z, affine, statistics, p), z, p);
    }

    @Override
    public void tailGradient(Tensor z, Tensor statistics, Affine affine, Tensor dp, Tensor dz, Affine dAffine) {
        account("tailGradient", 0, () -> kernels.tailGradient(z, statistics, affine, dp, dz, dAffine), z, dp, dz);
    }

    @Override
    public void tailTangent(Tensor z, Tensor statistics, Affine affine, Tensor zDot, Affine affineDot, Tensor pDot) {
        account(
                "tailTangent",
                0,
                () -> kernels.tailTangent(z, statistics, affine, zDot, affineDot, pDot),
                z,
                zDot,
                pDot);
    }

    @Override
    public void tailGradientTangent(
            Tensor z,
            Tensor statistics,
            Affine affine,
            Tensor zDot,
            Affine affineDot,
            Tensor dp,
            Tensor dpDot,
            Tensor dzDot,
            Affine dAffineDot) {
        account(
                "tailGradientTangent",
                0,
                () -> kernels.tailGradientTangent(z, statistics, affine, zDot, affineDot, dp, dpDot, dzDot, dAffineDot),
                z,
                zDot,
                dp,
                dpDot,
                dzDot);
    }

    @Override
    public void multiply(Tensor a, boolean transposeA, Tensor b, boolean transposeB, boolean accumulate, Tensor out) {
        int inner = a.dimension(transposeA ? 0 : 1);
        account(
                "multiply",
                2 * out.size() * inner,
                () -> kernels.multiply(a, transposeA, b, transposeB, accumulate, out),
                a,
                b,
                out);
    }

    @Override
    public void add(Tensor x, Tensor y) {
        account("add", 0, () -> kernels.add(x, y), x, y, y);
    }

    @Override
    public void descend(Tensor p, Tensor v, Tensor g, double rate, double momentum, double decay) {
        account("descend", 0, () -> kernels.descend(p, v, g, rate, momentum, decay), p, p, v, v, g);
    }
}
