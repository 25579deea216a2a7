package dev.reverie.deploy.run;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Turns Ctrl-C and SIGTERM into a wish to stop while it is open; the second one halts at once. Outside of it both end
 * the JVM as usual.
 */
public final class Interruption implements AutoCloseable {

    private static final List<String> SIGNALS = List.of("INT", "TERM");

    /** What a shell reports of a process that Ctrl-C ended. */
    public static final int EXIT_CODE = 130;

    private final AtomicBoolean wished = new AtomicBoolean();
    private final List<Registration> registrations;

    private record Registration(String signal, @Nullable Object previous) {}

    private Interruption(Runnable stop, Runnable halt) {
        registrations = SIGNALS.stream()
                .map(signal -> new Registration(signal, Signals.register(signal, () -> onSignal(stop, halt))))
                .toList();
    }

    /** From now on the first signal runs {@code stop}, which must return quickly, and each further one {@code halt}. */
    public static Interruption listen(Runnable stop, Runnable halt) {
        return new Interruption(stop, halt);
    }

    /** Ends the JVM without any further ado, as a second Ctrl-C asks for. */
    static void halt() {
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
        registrations.forEach(registration -> Signals.unregister(registration.signal(), registration.previous()));
    }
}
