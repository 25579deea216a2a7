package dev.reverie.streams.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** Something that is held for as long as a stream is being read. */
final class StreamLease {

    private StreamLease() {}

    /**
     * The stream, at whose end {@code giveBack} runs, once. A reader who went before the stream was begun never ends
     * it; so it runs as well when the stream is not begun for a while.
     */
    static <T> Source<T, NotUsed> over(Source<T, NotUsed> stream, Duration patience, Runnable giveBack) {
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        CompletionStage<Boolean> known = begun.completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
        known.thenAccept(isRead -> {
            if (!isRead) {
                giveBack.run();
            }
        });
        return stream.watchTermination((nothing, end) -> {
            if (begun.complete(true)) {
                end.whenComplete((_, _) -> giveBack.run());
            }
            return nothing;
        });
    }
}
