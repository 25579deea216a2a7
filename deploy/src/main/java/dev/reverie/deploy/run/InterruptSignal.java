package dev.reverie.deploy.run;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Handles Ctrl-C, SIGTERM and SIGHUP while it is open: the first signal requests a stop, and the second one halts the
 * JVM. A SIGHUP never halts, because a terminal that is closed can send two at once. After this handler is closed, the
 * signals end the JVM as usual. A SIGHUP that {@code nohup} ignores stays ignored.
 */
public final class InterruptSignal implements AutoCloseable {

    /** The signals that ask a process to end. */
    public enum Signal {
        /** Ctrl-C. */
        INT,
        /** SIGTERM, which a supervisor sends. */
        TERM,
        /** SIGHUP, which a terminal sends when it is closed or loses its connection. */
        HUP
    }

    /** The exit code that a shell reports for a process ended by Ctrl-C. */
    public static final int EXIT_CODE = 130;

    private final AtomicBoolean requested = new AtomicBoolean();
    private final List<Registration> registrations;

    private record Registration(Signal signal, @Nullable Object previous) {}

    private InterruptSignal(List<Signal> signals, Consumer<Signal> stop, Runnable halt) {
        registrations = signals.stream()
                .map(signal ->
                        new Registration(signal, Signals.register(signal.name(), () -> onSignal(signal, stop, halt))))
                .toList();
    }

    /** Runs {@code stop}, which must return quickly, at the first signal, and {@code halt} at each further signal. */
    public static InterruptSignal listen(Runnable stop, Runnable halt) {
        return new InterruptSignal(List.of(Signal.values()), _ -> stop.run(), halt);
    }

    /**
     * Like {@link #listen(Runnable, Runnable)}, but passes the signal to {@code stop}, and leaves SIGHUP alone, which
     * asks a service to read its files again.
     */
    public static InterruptSignal listenInService(Consumer<Signal> stop, Runnable halt) {
        return new InterruptSignal(List.of(Signal.INT, Signal.TERM), stop, halt);
    }

    /**
     * Runs {@code reload} at each SIGHUP from now on, which asks a service to read its files again, and by default ends
     * a process.
     */
    public static void onHangup(Runnable reload) {
        Signals.register(Signal.HUP.name(), reload);
    }

    /** Halts the JVM without running shutdown hooks. */
    public static void halt() {
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    private void onSignal(Signal signal, Consumer<Signal> stop, Runnable halt) {
        if (requested.compareAndSet(false, true)) {
            stop.accept(signal);
        } else if (signal != Signal.HUP) {
            halt.run();
        }
    }

    public boolean isRequested() {
        return requested.get();
    }

    @Override
    public void close() {
        registrations.forEach(
                registration -> Signals.unregister(registration.signal().name(), registration.previous()));
    }
}
