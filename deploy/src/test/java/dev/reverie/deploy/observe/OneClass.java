package dev.reverie.deploy.observe;

import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A service with one class of ten images, which answers as a test says. */
final class OneClass implements Supplier<CompletionStage<List<ClassInfo>>> {

    private static final ClassInfo CAT = new ClassInfo(
            "cat",
            0,
            ClassPhase.DISTILLING,
            700,
            500,
            10,
            7,
            OptionalDouble.of(1.5),
            Instant.EPOCH,
            false,
            false,
            500,
            new ClassInfo.Version(1, 2, 3));

    private final AtomicInteger asked = new AtomicInteger();
    private volatile CompletionStage<List<ClassInfo>> answer = CompletableFuture.completedStage(List.of(CAT));

    @Override
    public CompletionStage<List<ClassInfo>> get() {
        asked.incrementAndGet();
        return answer;
    }

    /** Number of requests for all classes. */
    int asked() {
        return asked.get();
    }

    /** Delays the answer to further requests until the returned future is completed. */
    CompletableFuture<List<ClassInfo>> hold() {
        CompletableFuture<List<ClassInfo>> held = new CompletableFuture<>();
        answer = held;
        return held;
    }

    /** Makes further requests fail. */
    void fail(RuntimeException reason) {
        answer = CompletableFuture.failedStage(reason);
    }
}
