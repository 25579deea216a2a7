package dev.reverie.actors.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.Done;

/** A retention that deletes nothing. */
public final class NoRetention implements Retention {

    @Override
    public CompletionStage<Done> trim(String persistenceId, long snapshotSequenceNumber) {
        return CompletableFuture.completedStage(Done.getInstance());
    }

    @Override
    public CompletionStage<Done> erase(String persistenceId) {
        return CompletableFuture.completedStage(Done.getInstance());
    }

    @Override
    public CompletionStage<Done> eraseAll(Predicate<String> isObsolete) {
        return CompletableFuture.completedStage(Done.getInstance());
    }
}
