package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.service.MemoryService.MemoryView;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The cached memory")
class MemoryCacheTest {

    private static final ImageBatch IMAGE = ImageBatch.of(new ImageShape(1, 2, 2), new float[] {0, 0.25f, 0.5f, 1});

    private static final ImageBatch OTHER_IMAGE =
            ImageBatch.of(new ImageShape(1, 2, 2), new float[] {1, 0.25f, 0.5f, 0});

    @AutoClose("shutdownTestKit")
    private final ActorTestKit kit = ActorTestKit.create();

    private final TestProbe<ClassMessage> cat = kit.createTestProbe();
    private final TestProbe<ClassMessage> dog = kit.createTestProbe();
    private CompletionStage<MemoryCache.Inputs> found = CompletableFuture.completedStage(
            new MemoryCache.Inputs(List.of(known(0, "cat", cat), known(1, "dog", dog)), Optional.empty()));
    private Instant now = Instant.EPOCH;
    private final ManualClock steadyClock = new ManualClock();
    private final List<Double> gathered = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Runnable> coding = new LinkedBlockingQueue<>();
    private int factor = 1;
    private final MemoryCache cache = new MemoryCache(
            () -> found,
            new ServedClasses(MemoryBudget.perClass(10), kit.scheduler()),
            shape -> factor,
            () -> now,
            steadyClock,
            coding::add,
            gathered::add);

    @Test
    @DisplayName("shows the last known state of a class that waits for the store")
    void slow() {
        CompletionStage<Optional<MemoryView>> first = cache.get();
        reply(cat, 0);
        reply(dog, 1);
        MemoryView whole = first.toCompletableFuture().join().orElseThrow();
        cache.invalidate();

        CompletionStage<Optional<MemoryView>> again = cache.get();
        reply(cat, 0);

        assertThat(whole.set().classes().names()).containsExactly("cat", "dog");
        assertThat(again.toCompletableFuture().join().orElseThrow().version()).isEqualTo(whole.version());
    }

    @Test
    @DisplayName("is requested from each class only once, however often it is read, until the class has replied")
    void requestedOnce() {
        List<CompletionStage<Optional<MemoryView>>> loads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            cache.invalidate();
            loads.add(cache.get());
        }

        reply(cat, 0);
        reply(dog, 1);

        assertThat(loads).allSatisfy(load -> assertThat(names(load)).containsExactly("cat", "dog"));
        cat.expectNoMessage();
    }

    @Test
    @DisplayName("shows the last known state of a class that cannot use the store, without asking the class")
    void failing() {
        MemoryView whole = loaded();
        cache.invalidate();
        found = CompletableFuture.completedStage(
                new MemoryCache.Inputs(List.of(known(0, "cat", true, cat), known(1, "dog", dog)), Optional.empty()));

        CompletionStage<Optional<MemoryView>> again = cache.get();
        reply(dog, 1);

        assertThat(again.toCompletableFuture().join()).containsSame(whole);
        cat.expectNoMessage();
    }

    @Test
    @DisplayName("says when it changed, however often it is loaded")
    void changed() {
        MemoryView first = loaded();
        Instant then = now;
        now = now.plusSeconds(40);
        steadyClock.advance(Duration.ofSeconds(40));

        assertThat(first.changed()).isEqualTo(then);
        assertThat(loaded().changed()).isEqualTo(then);
    }

    @Test
    @DisplayName("says when it changed, even if an older reading of another memory ended late")
    void changedBeforeLateReading() {
        CompletionStage<Optional<MemoryView>> late = cache.get();
        cache.invalidate(); // cat is forgotten
        found = CompletableFuture.completedStage(
                new MemoryCache.Inputs(List.of(known(1, "dog", dog)), Optional.empty()));
        CompletionStage<Optional<MemoryView>> without = cache.get();
        reply(dog, 1);
        MemoryView first = without.toCompletableFuture().join().orElseThrow();
        reply(cat, 0);
        late.toCompletableFuture().join();

        now = now.plusSeconds(40);
        cache.invalidate();
        CompletionStage<Optional<MemoryView>> again = cache.get();
        reply(dog, 1);

        assertThat(again.toCompletableFuture().join()).containsSame(first);
    }

    @Test
    @DisplayName("is not rounded or packed again as long as no class changes")
    void unchanged() {
        MemoryView first = loaded();
        now = now.plusSeconds(40);
        steadyClock.advance(Duration.ofSeconds(40));

        assertThat(loaded()).isSameAs(first);
    }

    @Test
    @DisplayName("has the same sets, in bytes and in floats, as long as no class changes")
    void sameSets() {
        factor = 2;
        MemoryView first = loaded();
        DistilledSet floats = first.as(Dtype.FLOAT32);

        steadyClock.advance(Duration.ofSeconds(40));
        MemoryView again = loaded();

        assertThat(first.set().parameters().count()).isEqualTo(2);
        assertThat(first.set().images().count()).isEqualTo(2 * 4);
        assertThat(again).isSameAs(first);
        assertThat(again.as(Dtype.FLOAT32)).isSameAs(floats);
    }

    private MemoryView loaded() {
        CompletionStage<Optional<MemoryView>> load = cache.get();
        reply(cat, 0);
        reply(dog, 1);
        return load.toCompletableFuture().join().orElseThrow();
    }

    @Test
    @DisplayName("is used for two seconds after it was complete, however long the classes took to respond")
    void age() {
        CompletionStage<Optional<MemoryView>> slow = cache.get();
        steadyClock.advance(Duration.ofSeconds(3));
        reply(cat, 0);
        reply(dog, 1);
        MemoryView memory = slow.toCompletableFuture().join().orElseThrow();

        steadyClock.advance(Duration.ofMillis(1900));
        now = now.plusSeconds(3600);

        assertThat(cache.get().toCompletableFuture()).isCompletedWithValue(Optional.of(memory));
        steadyClock.advance(Duration.ofMillis(200));
        assertThat(cache.get().toCompletableFuture()).isNotDone();
        assertThat(gathered).as("seconds").containsExactly(3.0);
    }

    @Test
    @DisplayName("is replaced after a second, if its images are read, by a newer one that is coded before")
    void replaced() throws InterruptedException {
        MemoryView memory = loaded();
        memory.set().images().toLevels();
        steadyClock.advance(Duration.ofMillis(1100));
        assertThat(cache.get().toCompletableFuture()).isCompletedWithValue(Optional.of(memory));
        reply(cat, 0, OTHER_IMAGE);
        reply(dog, 1);

        Runnable coded = coding.take();
        assertThat(cache.get().toCompletableFuture()).isCompletedWithValue(Optional.of(memory));
        assertThat(cache.codedBytes(0)).isEmpty();

        coded.run();

        assertThat(cache.codedBytes(0)).isPresent();
        assertThat(cache.get().toCompletableFuture().join().orElseThrow().version())
                .isNotEqualTo(memory.version());
        assertThat(coding).isEmpty();
    }

    @Test
    @DisplayName("is not coded for clients that only ask whether it has changed")
    void notCoded() throws InterruptedException {
        MemoryView memory = loaded();
        steadyClock.advance(Duration.ofMillis(1100));
        cache.get();
        reply(cat, 0, OTHER_IMAGE);
        reply(dog, 1);

        coding.take().run();

        assertThat(cache.get().toCompletableFuture().join().orElseThrow().version())
                .isNotEqualTo(memory.version());
        assertThat(cache.codedBytes(0)).isEmpty();
    }

    @Test
    @DisplayName("is not replaced by one that was requested before a class was forgotten")
    void forgottenMeanwhile() throws InterruptedException {
        loaded();
        steadyClock.advance(Duration.ofMillis(1100));
        cache.get();
        reply(cat, 0);
        reply(dog, 1);
        Runnable coded = coding.take();

        cache.invalidate(); // cat is forgotten
        found = CompletableFuture.completedStage(
                new MemoryCache.Inputs(List.of(known(1, "dog", dog)), Optional.empty()));
        CompletionStage<Optional<MemoryView>> without = cache.get();
        reply(dog, 1);
        coded.run();

        assertThat(names(without)).containsExactly("dog");
        assertThat(names(cache.get())).containsExactly("dog");
    }

    @Test
    @DisplayName("is unavailable, not empty, if no class replies")
    void unavailable() {
        assertThatThrownBy(() -> cache.get().toCompletableFuture().join())
                .hasCauseInstanceOf(UnavailableException.class)
                .hasMessageContaining("try again");
    }

    @Test
    @DisplayName("is available as soon as a class replies, even right after another request was deferred")
    void failureIsNotCached() {
        CompletionStage<MemoryCache.Inputs> whole = found;
        found = CompletableFuture.failedStage(new UnavailableException("the store is still being read"));
        assertThatThrownBy(() -> cache.get().toCompletableFuture().join())
                .hasCauseInstanceOf(UnavailableException.class);

        found = whole;
        CompletionStage<Optional<MemoryView>> first = cache.get();
        reply(cat, 0);
        reply(dog, 1);

        assertThat(first.toCompletableFuture().join()).isPresent();
    }

    @Test
    @DisplayName("is read again for a class that was forgotten and has come back, even if an older reading ends late")
    void comesBack() {
        CompletionStage<Optional<MemoryView>> late = cache.get();
        cache.invalidate(); // cat is forgotten
        found = CompletableFuture.completedStage(
                new MemoryCache.Inputs(List.of(known(1, "dog", dog)), Optional.empty()));
        CompletionStage<Optional<MemoryView>> without = cache.get();
        reply(dog, 1);
        assertThat(names(without)).containsExactly("dog");
        reply(cat, 0);
        assertThat(names(late)).containsExactly("cat", "dog");

        found = CompletableFuture.completedStage(
                new MemoryCache.Inputs(List.of(known(1, "dog", dog), known(2, "cat", cat)), Optional.empty()));
        cache.accepted(Set.of("cat"));
        CompletionStage<Optional<MemoryView>> again = cache.get();
        reply(dog, 1);
        reply(cat, 2);

        assertThat(names(again)).containsExactly("dog", "cat");
    }

    @Test
    @DisplayName("has no class that another answer no longer shows")
    void agreesWithOtherAnswers() {
        CompletionStage<Optional<MemoryView>> before = cache.get();
        reply(cat, 0);
        reply(dog, 1);
        assertThat(names(before)).containsExactly("cat", "dog");

        List<OpenClass> remaining = List.of(known(1, "dog", dog));
        found = CompletableFuture.completedStage(new MemoryCache.Inputs(remaining, Optional.empty()));
        cache.shown(remaining);
        CompletionStage<Optional<MemoryView>> after = cache.get();
        reply(dog, 1);

        assertThat(names(after)).containsExactly("dog");
    }

    private static List<String> names(CompletionStage<Optional<MemoryView>> memory) {
        return memory.toCompletableFuture().join().orElseThrow().set().classes().names();
    }

    private static OpenClass known(int classIndex, String name, TestProbe<ClassMessage> owner) {
        return known(classIndex, name, false, owner);
    }

    private static OpenClass known(int classIndex, String name, boolean failing, TestProbe<ClassMessage> owner) {
        return new OpenClass(ClassInfos.of(classIndex, name, ClassPhase.DISTILLING, 70), failing, owner.ref());
    }

    private static void reply(TestProbe<ClassMessage> owner, int classIndex) {
        reply(owner, classIndex, IMAGE);
    }

    private static void reply(TestProbe<ClassMessage> owner, int classIndex, ImageBatch images) {
        owner.expectMessageClass(ClassActor.ReadAverage.class)
                .replyTo()
                .tell(new ClassActor.Average(classIndex, images));
    }
}
