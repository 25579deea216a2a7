package dev.reverie.streams;

import static dev.reverie.streams.Runs.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.clustering.Freshness;
import dev.reverie.actors.intake.Admission;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.Door;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.live.LivePolicy;
import dev.reverie.actors.live.MemoryBudget;
import dev.reverie.actors.store.Store;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import dev.reverie.streams.live.LiveRequest;
import dev.reverie.streams.live.LiveService;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.MemoryView;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A running service")
class LiveServiceTest {

    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final int IPC = 2;
    private static final LivePolicy POLICY =
            new LivePolicy(4, 1000, 0.01, 1.5, 2, new Freshness(2, Duration.ofSeconds(30), 0.5), Duration.ofMillis(20));

    private final Workshop workshop = new Workshop();

    private MemoryBudget budget = MemoryBudget.perClass(IPC);
    private IntakeLimits limits = IntakeLimits.DEFAULT;
    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private Path folder;
    private LiveService service;

    @BeforeEach
    void start(@TempDir Path fresh) {
        folder = fresh;
        service = started();
    }

    private LiveService started() {
        LiveService started = LiveService.start(new LiveRequest(
                Store.inFolder(folder),
                shape -> Runs.settings(Method.DREAM),
                POLICY,
                budget,
                limits,
                (settings, shape, normalisation) -> workshop.get(),
                () -> Instant.now().plus(later.get()),
                List.of()));
        await(started.storeRead());
        return started;
    }

    @AfterEach
    void stop() {
        assertThat(await(service.stop(GRACE))).isTrue();
    }

    @Test
    @DisplayName("hands out real images of a class from its first delivery on, before there is anything to learn")
    void handsOutAtOnce() {
        // when
        deliver("cat", 1, 0);

        // then
        MemoryView memory = await(service.memory()).orElseThrow();
        assertThat(memory.set().classNames()).containsExactly("cat");
        assertThat(memory.set().parameters().count()).isEqualTo(IPC);
        assertThat(status("cat").phase()).isEqualTo(ClassPhase.COLLECTING);
    }

    @Test
    @DisplayName("begins to distil as soon as two classes have enough images, and another joins while it runs")
    void classesJoin() {
        // given
        twoClassesLearn();

        // when
        deliver("bird", 6, 2);
        awaitMatched("bird");

        // then
        assertThat(await(service.classes()))
                .extracting(ClassStatus::label, ClassStatus::index, ClassStatus::phase)
                .containsExactly(
                        tuple("cat", 0, ClassPhase.DISTILLING),
                        tuple("dog", 1, ClassPhase.DISTILLING),
                        tuple("bird", 2, ClassPhase.DISTILLING));
        assertThat(await(service.memory()).orElseThrow().set().parameters().count())
                .isEqualTo(3 * IPC);
    }

    @Test
    @DisplayName("learns a class with a full reservoir, where that has less room than images are waited for")
    void learnsFromSmallReservoirs() {
        // given
        await(service.stop(GRACE));
        limits = new IntakeLimits(10, 3, 1 << 20, 1 << 20, 100, 1000, 1 << 20);
        service = started();

        // when
        twoClassesLearn();

        // then
        assertThat(status("cat").reservoir()).isEqualTo(3).isLessThan(POLICY.minImages());
    }

    @Test
    @DisplayName("says that it can't go on learning, where its store can't tell how far it had come")
    void progressIsUnreadable() throws SQLException {
        // given
        twoClassesLearn();
        await(service.stop(GRACE));

        // when
        damageProgress();
        service = started();

        // then
        await(event(event -> event.kind() == Kind.WARNING));
        assertThat(await(service.readiness()).checks())
                .filteredOn(check -> !check.passed())
                .extracting(Readiness.Check::name, Readiness.Check::detail)
                .singleElement()
                .satisfies(worker -> assertThat(worker.toString())
                        .contains("worker", "how far the distillation had come can't be read"));
        deliver("cat", 1, 2);
        assertThat(status("cat").seen()).isEqualTo(7);
    }

    private void damageProgress() throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:h2:file:" + folder.resolve("reverie") + ";DATABASE_TO_UPPER=FALSE", "sa", "");
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE \"event_journal\" SET \"event_payload\" = X'00112233'"
                            + " WHERE \"persistence_id\" = 'distillation'"))
                    .isPositive();
        }
    }

    @Test
    @DisplayName("keeps the images of a sealed class as they are, drops its real ones, and goes on with the others")
    void sealedClassesStay() {
        // given
        twoClassesLearn();

        // when
        ClassStatus sealed = await(service.seal("cat")).orElseThrow();
        long loopsThen = status("dog").innerLoops();
        awaitLoops(3);

        // then
        assertThat(sealed.phase()).isEqualTo(ClassPhase.SEALED);
        assertThat(sealed.reservoir()).isZero();
        assertThat(status("cat").innerLoops()).isEqualTo(sealed.innerLoops());
        assertThat(status("dog").innerLoops()).isGreaterThan(loopsThen);
        assertThat(admit("cat", 1, 9)).isInstanceOf(Admission.Refused.class);
    }

    @Test
    @DisplayName("goes on without a class that is forgotten in the middle of a loop, and never gives its index away")
    void forgottenClassesGo() {
        // given
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        deliver("bird", 6, 2);
        awaitMatched("cat", "dog", "bird");

        // when
        boolean existed = await(service.forget("dog"));
        Optional<ClassStatus> gone = await(service.classNamed("dog"));
        awaitLoops(4);
        deliver("dog", 6, 3);

        // then
        assertThat(existed).isTrue();
        assertThat(gone).isEmpty();
        assertThat(await(service.classNamed("dog"))).map(ClassStatus::index).contains(3);
        assertThat(await(service.classes())).extracting(ClassStatus::index).containsExactly(0, 2, 3);
        assertThat(await(service.memory()).orElseThrow().set().classNames()).containsExactly("cat", "", "bird", "dog");
    }

    @Test
    @DisplayName("has a network of the classes there are, however many have come and gone")
    void networkStaysSmall() {
        // given
        twoClassesLearn();

        // when
        for (int guest = 0; guest < 8; guest++) {
            deliver("guest " + guest, 6, 2 + guest);
            awaitMatched("guest " + guest);
            await(service.forget("guest " + guest));
        }
        deliver("bird", 6, 2);
        awaitLoops(7);

        // then
        assertThat(status("bird").index()).isEqualTo(10);
        assertThat(workshop.journal().stream()
                        .filter(job -> job.startsWith("train"))
                        .toList())
                .last()
                .asString()
                .contains("/3 ");
    }

    @Test
    @DisplayName("learns images of another shape when every class was forgotten, with a new network for them")
    void learnsAnotherShape() {
        // given
        twoClassesLearn();
        await(service.forget("cat"));
        await(service.forget("dog"));

        // when
        for (String label : List.of("red", "blue")) {
            assertThat(admit(label, Runs.images(new ImageShape(3, 6, 6), 6, label.hashCode())))
                    .isEqualTo(new Admission.Accepted(6, 0));
        }
        awaitMatched("red", "blue");

        // then
        assertThat(workshop.opened()).isEqualTo(2);
        assertThat(await(service.memory()).orElseThrow().set().normalisation().mean())
                .hasSize(3);
    }

    @Test
    @DisplayName("goes on after a stop where it was: the same memory, the same totals, a new network")
    void goesOnAfterAStop() {
        // given
        twoClassesLearn();
        awaitLoops(4);

        // when
        stop();
        long before = loopsIn(workshop);
        service = started();

        // then
        assertThat(await(service.status()).samples()).isEqualTo(12);
        assertThat(await(service.status()).innerLoops()).isPositive();
        assertThat(status("cat").innerLoops()).isPositive();
        awaitLoops(2);
        assertThat(loopsIn(workshop)).isGreaterThan(before);
        assertThat(admit("cat", 6, 0)).isEqualTo(new Admission.Accepted(0, 6));
    }

    @Test
    @DisplayName("says so when it had to stop before everything was saved")
    void stopsIncomplete() {
        // given
        CompletableFuture<Void> busy = new CompletableFuture<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        workshop.doingAt("match", 5, () -> {
            busy.complete(null);
            done.join();
        });
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        await(busy);

        // when
        done.completeOnTimeout(null, 2, TimeUnit.SECONDS);
        boolean saved = await(service.stop(Duration.ofMillis(100)));

        // then
        assertThat(saved).isFalse();
        service = started();
        assertThat(await(service.status()).samples()).isEqualTo(12);
    }

    @Test
    @DisplayName("deals a total of images to the classes there are, anew when one comes or goes")
    void dealsTheMemory() {
        // given
        stop();
        budget = new MemoryBudget(IPC, OptionalInt.of(2 * IPC), OptionalLong.empty());
        service = started();
        twoClassesLearn();
        assertThat(imagesStored()).containsExactly(IPC, IPC);

        // when
        deliver("bird", 6, 2);
        awaitMatched("bird");
        awaitLoops(2);
        List<Integer> ofThree = imagesStored();
        await(service.forget("bird"));
        awaitLoops(3);

        // then
        assertThat(ofThree).containsExactly(1, 1, 1);
        assertThat(imagesStored()).containsExactly(IPC, IPC);
        assertThat(await(service.memory()).orElseThrow().set().parameters().count())
                .isEqualTo(2 * IPC);
    }

    @Test
    @DisplayName("survives a worker that fails, and says so")
    void survivesTheWorker() {
        // given
        workshop.throwingAt("match", 5);
        CompletionStage<ServiceEvent> warning = event(event -> event.kind() == Kind.WARNING);

        // when
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);

        // then
        assertThat(String.valueOf(await(warning).fields().get("message"))).contains("the device is on fire");
        awaitMatched("cat", "dog");
        awaitLoops(2);
        assertThat(workshop.opened()).isEqualTo(2);
        assertThat(await(service.readiness()).ready()).isTrue();
    }

    @Test
    @DisplayName("says that it has lost its device, and learns again when that is back")
    void survivesTheDevice() {
        // given
        workshop.throwingAt("match", 5).refusingAt(2);
        CompletionStage<ServiceEvent> lost =
                event(event -> String.valueOf(event.fields().get("message")).contains("being repaired"));
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        await(lost);
        assertThat(await(service.readiness()).ready()).isFalse();

        // when
        later.set(Duration.ofSeconds(10));
        awaitLoops(2);

        // then
        assertThat(workshop.opened()).isEqualTo(3);
        assertThat(await(service.readiness()).ready()).isTrue();
    }

    @Test
    @DisplayName("trains the network on real images, and on what is stored of all classes once one is sealed")
    void trainsOnTheMemory() {
        // given
        twoClassesLearn();
        awaitLoops(2);
        List<String> real = pixels(
                Stream.of(0, 1).flatMap(seed -> Runs.images(6, seed).stream()).toList());
        assertThat(real).containsAll(pixels(workshop.shown()));

        // when
        await(service.seal("cat"));
        awaitLoops(3);

        // then
        assertThat(pixels(workshop.shown())).isNotEmpty().doesNotContainAnyElementsOf(real);
    }

    private static List<String> pixels(List<Image> images) {
        return images.stream()
                .map(image -> IntStream.range(0, image.shape().size())
                        .mapToObj(i -> Integer.toString(image.level(i)))
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    private void twoClassesLearn() {
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        awaitMatched("cat", "dog");
    }

    private static long loopsIn(Workshop workshop) {
        return workshop.journal().stream()
                .filter(line -> line.startsWith("train"))
                .count();
    }

    private void deliver(String label, int count, long seed) {
        assertThat(admit(label, count, seed)).isEqualTo(new Admission.Accepted(count, 0));
    }

    private Admission admit(String label, int count, long seed) {
        return admit(label, Runs.images(count, seed));
    }

    private Admission admit(String label, List<Image> images) {
        return await(service.admit(new Delivery(
                Door.HTTP,
                images.stream()
                        .map(image -> new Sample(label, Optional.empty(), image))
                        .toList())));
    }

    private List<Integer> imagesStored() {
        return await(service.classes()).stream().map(ClassStatus::images).toList();
    }

    private ClassStatus status(String label) {
        return await(service.classNamed(label)).orElseThrow();
    }

    /** Waits until each was matched at least once. */
    private void awaitMatched(String... labels) {
        for (String label : labels) {
            while (status(label).innerLoops() == 0) {
                await(event(event -> event.kind() == Kind.PROGRESS || event.kind() == Kind.CLASS));
            }
        }
    }

    private void awaitLoops(int count) {
        await(service.events(Optional.empty())
                .filter(event -> event.kind() == Kind.PROGRESS)
                .take(count)
                .runWith(Sink.ignore(), service.system()));
    }

    private CompletionStage<ServiceEvent> event(Predicate<ServiceEvent> wanted) {
        return service.events(Optional.empty()).filter(wanted::test).runWith(Sink.head(), service.system());
    }
}
