package dev.reverie.deploy.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Patience that Ctrl-C and SIGTERM end; a second one halts at once. */
public final class UntilInterrupted implements Patience, AutoCloseable {

    private final CountDownLatch wish = new CountDownLatch(1);
    private final Interruption interruption;

    private UntilInterrupted(String answer, Consumer<String> notes) {
        interruption = Interruption.listen(
                () -> {
                    wish.countDown();
                    notes.accept(answer);
                },
                Interruption::halt);
    }

    /**
     * From now on until closed.
     *
     * @param answer said to {@code notes} at the first signal
     */
    public static UntilInterrupted listen(String answer, Consumer<String> notes) {
        return new UntilInterrupted(answer, notes);
    }

    @Override
    public boolean isOver() {
        return wish.getCount() == 0;
    }

    @Override
    public boolean pause(Duration duration) {
        try {
            return !wish.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        interruption.close();
    }
}
