package dev.reverie.deploy.run;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A cancellation that Ctrl-C, SIGTERM or SIGHUP requests; a second Ctrl-C or SIGTERM halts the JVM at once. */
public final class SignalCancellation implements Cancellation, AutoCloseable {

    private final CompletableFuture<Void> request = new CompletableFuture<>();
    private final InterruptSignal interruption;

    /**
     * Listens for signals until closed.
     *
     * @param answer message that {@code notes} receives at the first signal
     */
    public SignalCancellation(String answer, Consumer<String> notes) {
        interruption = InterruptSignal.listen(
                () -> {
                    request.complete(null);
                    notes.accept(answer);
                },
                InterruptSignal::halt);
    }

    @Override
    public boolean isRequested() {
        return request.isDone();
    }

    @Override
    public CompletionStage<Void> requested() {
        return request.copy();
    }

    @Override
    public void pause(Duration duration) {
        try {
            request.get(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request to end does not fail", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new StoppedException();
    }

    @Override
    public void close() {
        interruption.close();
    }
}
