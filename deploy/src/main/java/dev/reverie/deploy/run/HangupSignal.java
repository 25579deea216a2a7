package dev.reverie.deploy.run;

import org.jline.utils.Signals;

/** Handles SIGHUP, which asks a service to read its files again and by default ends a process. */
public final class HangupSignal {

    private HangupSignal() {}

    /** Ignores SIGHUP until {@link #listen} is called. */
    public static void ignore() {
        listen(() -> {});
    }

    /** Runs {@code reload} at each SIGHUP from now on. */
    public static void listen(Runnable reload) {
        Signals.register("HUP", reload);
    }
}
