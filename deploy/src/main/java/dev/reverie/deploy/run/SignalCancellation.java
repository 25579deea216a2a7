package dev.reverie.deploy.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A cancellation that is requested by Ctrl-C or SIGTERM; a second signal halts the JVM at once. */
public final class SignalCancellation implements Cancellation, AutoCloseable {

    private final CountDownLatch request = new CountDownLatch(1);
    private final InterruptSignal interruption;

    private SignalCancellation(String answer, Consumer<String> notes) {
        interruption = InterruptSignal.listen(
                () -> {
                    request.countDown();
                    notes.accept(answer);
                },
                InterruptSignal::halt);
    }

    /**
     * Listens for signals until closed.
     *
     * @param answer message that {@code notes} receives at the first signal
     */
    public static SignalCancellation listen(String answer, Consumer<String> notes) {
        return new SignalCancellation(answer, notes);
    }

    @Override
    public boolean isOver() {
        return request.getCount() == 0;
    }

    @Override
    public boolean pause(Duration duration) {
        try {
            return !request.await(duration.toMillis(), TimeUnit.MILLISECONDS);
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
