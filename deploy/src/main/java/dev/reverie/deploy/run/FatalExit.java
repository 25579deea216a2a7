package dev.reverie.deploy.run;

import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Explains what to do when Pekko ends the process. After an error that an actor cannot survive, such as an
 * {@link OutOfMemoryError}, Pekko prints the error and exits the JVM with a code of its own, and has no setting for
 * another code. Until this is closed, an exit of the JVM prints advice and halts with {@link #EXIT_CODE}.
 */
public final class FatalExit implements AutoCloseable {

    /** The exit code of a command that has failed. */
    public static final int EXIT_CODE = 1;

    private static final String ADVICE = "The error above has ended the process. If it is an OutOfMemoryError, ";

    private final Thread hook;

    FatalExit(String remedy, Consumer<String> notes, IntConsumer halt) {
        String advice = ADVICE + remedy; // there may be no memory for it later
        hook = Thread.ofPlatform().name("fatal-exit").unstarted(() -> {
            try {
                notes.accept(advice);
            } finally {
                halt.accept(EXIT_CODE);
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Explains an exit of the JVM until closed. Until then, the caller must handle the signals that would end the JVM,
     * because an exit after a signal would print the advice, too.
     *
     * @param remedy what to do when memory ran out; the end of a sentence, with a full stop
     * @param notes receives the advice
     */
    public static FatalExit explain(String remedy, Consumer<String> notes) {
        return new FatalExit(remedy, notes, Runtime.getRuntime()::halt);
    }

    Thread hook() {
        return hook;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // The JVM is exiting, so the hook gives the advice.
        }
    }
}
