package dev.reverie.deploy.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Patience that Ctrl-C and SIGTERM end; a second one halts at once. */
public final class SignalCancellation implements Cancellation, AutoCloseable {

    private final CountDownLatch wish = new CountDownLatch(1);
    private final InterruptSignal interruption;

    private SignalCancellation(String answer, Consumer<String> notes) {
        interruption = InterruptSignal.listen(
                () -> {
                    wish.countDown();
                    notes.accept(answer);
                },
                InterruptSignal::halt);
    }

    /**
     * From now on until closed.
     *
     * @param answer said to {@code notes} at the first signal
     */
    public static SignalCancellation listen(String answer, Consumer<String> notes) {
        return new SignalCancellation(answer, notes);
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
