package dev.reverie.deploy.run;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Turns Ctrl-C and SIGTERM into a wish to stop while it is open; the second one halts at once. Outside of it both end
 * the JVM as usual.
 */
public final class InterruptSignal implements AutoCloseable {

    /** What a process is asked to end with. */
    public enum Signal {
        /** Ctrl-C. */
        INT,
        /** By a supervisor. */
        TERM
    }

    /** What a shell reports of a process that Ctrl-C ended. */
    public static final int EXIT_CODE = 130;

    private final AtomicBoolean wished = new AtomicBoolean();
    private final List<Registration> registrations;

    private record Registration(Signal signal, @Nullable Object previous) {}

    private InterruptSignal(Consumer<Signal> stop, Runnable halt) {
        registrations = Arrays.stream(Signal.values())
                .map(signal -> new Registration(
                        signal, Signals.register(signal.name(), () -> onSignal(() -> stop.accept(signal), halt))))
                .toList();
    }

    /** From now on the first signal runs {@code stop}, which must return quickly, and each further one {@code halt}. */
    public static InterruptSignal listen(Runnable stop, Runnable halt) {
        return listen(_ -> stop.run(), halt);
    }

    /** As {@link #listen(Runnable, Runnable)}, for whoever tells the signals apart. */
    public static InterruptSignal listen(Consumer<Signal> stop, Runnable halt) {
        return new InterruptSignal(stop, halt);
    }

    /** Ends the JVM without any further ado, as a second Ctrl-C asks for. */
    public static void halt() {
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    private void onSignal(Runnable stop, Runnable halt) {
        if (wished.compareAndSet(false, true)) {
            stop.run();
        } else {
            halt.run();
        }
    }

    @Override
    public void close() {
        registrations.forEach(
                registration -> Signals.unregister(registration.signal().name(), registration.previous()));
    }
}
