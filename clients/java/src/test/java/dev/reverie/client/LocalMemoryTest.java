package dev.reverie.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.reverie.client.StubService.Request;
import dev.reverie.client.StubService.Response;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@DisplayName("A local memory")
@Timeout(60)
class LocalMemoryTest {

    private static final long PAUSE_NS = 10_000_000;

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Response UNCHANGED = new Response(304, Map.of(), ByteBuffer.allocate(0));
    private static final Response EMPTY = Response.problem(404, "memory-empty", "no class has images yet");

    private final StubService service = new StubService();
    private volatile Instant now = Instant.EPOCH;
    private final ReverieClient client =
            ReverieClient.builder(service.address()).clock(() -> now).build();

    @AfterEach
    void close() {
        client.close();
        service.close();
    }

    @Test
    @DisplayName("fetches the memory again only if it has changed")
    void refreshes() throws ReverieException {
        service.answer(
                memory("\"a\"", List.of("cat"), 0), UNCHANGED, memory("\"b\"", List.of("cat", "dog"), 0, 1), UNCHANGED);
        try (LocalMemory memory = client.local(NEVER)) {
            memory.refresh();
            assertThat(memory.size()).isEqualTo(1);

            memory.refresh();
            assertThat(memory.size()).isEqualTo(2);

            memory.refresh();
            assertThat(service.requests()).extracting(Request::line).containsOnly("GET /v1/memory");
            assertThat(service.requests())
                    .extracting(request -> request.etag().orElse("none"))
                    .containsExactly("none", "\"a\"", "\"a\"", "\"b\"");
        }
    }

    @Test
    @DisplayName("refreshes in the background, also after a failure")
    void background() throws ReverieException {
        service.answer(
                memory("\"a\"", List.of("cat"), 0),
                Response.json(500, "{}"),
                memory("\"b\"", List.of("cat", "dog"), 0, 1),
                UNCHANGED);
        try (LocalMemory memory = client.local(Duration.ofMillis(1))) {
            await(() -> memory.size() == 2);
            assertThat(memory.sample(2).names()).hasSize(2);
        }
    }

    @Test
    @DisplayName("keeps its copy, which grows older, while the service is away")
    void away() throws ReverieException {
        service.answer(memory("\"a\"", List.of("cat"), 0));
        try (LocalMemory memory = client.local(NEVER)) {
            service.close();
            now = now.plusSeconds(7);

            assertThatThrownBy(memory::refresh).isInstanceOf(ReverieException.Unreachable.class);
            assertThat(memory.age()).isEqualTo(Duration.ofSeconds(7));
            assertThat(memory.sample(3).size()).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("logs each outage once, also one after a refresh that succeeded in another thread")
    void logsEachOutage() throws ReverieException {
        AtomicInteger warnings = new AtomicInteger();
        AppenderBase<ILoggingEvent> counter = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                warnings.incrementAndGet();
            }
        };
        Logger log = (Logger) LoggerFactory.getLogger(LocalMemory.class);
        counter.start();
        log.addAppender(counter);
        Thread caller = Thread.currentThread();
        LocalMemory.Source failsInBackground = known -> {
            if (Thread.currentThread() != caller) {
                throw new IllegalStateException("no answer");
            }
            return known;
        };
        try (LocalMemory memory = new LocalMemory(failsInBackground, Duration.ofMillis(1), () -> now)) {
            await(() -> warnings.get() == 1);
            memory.refresh();
            await(() -> warnings.get() == 2);
        } finally {
            log.detachAppender(counter);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    @Test
    @DisplayName("draws balanced batches that repeat no image before all of its class are drawn")
    void balanced() throws ReverieException {
        service.answer(memory("\"a\"", List.of("cat", "dog", "cow"), 0, 0, 0, 1, 1, 1, 1, 1, 2, 2));
        try (LocalMemory memory = client.local(NEVER)) {
            MemoryImages batch = memory.sample(20);

            assertThat(counts(batch.labels()).values()).containsExactlyInAnyOrder(7L, 7L, 6L);
            for (int label = 0; label < 3; label++) {
                int own = label;
                List<Long> repeats = List.copyOf(counts(IntStream.range(0, batch.size())
                                .filter(i -> batch.classIndices()[i] == own)
                                .mapToLong(i -> batch.pixels()[i])
                                .toArray())
                        .values());
                assertThat(repeats).allSatisfy(count -> assertThat(count)
                        .isBetween(repeats.getFirst() - 1, repeats.getFirst() + 1));
            }
            assertThat(memory.sample(2).labels()).doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName("draws equal batches with equal seeds, and from the requested classes only")
    void requests() throws ReverieException {
        service.answer(memory("\"a\"", List.of("cat", "dog", "cow"), 0, 0, 0, 1, 1, 1, 1, 1, 2, 2));
        try (LocalMemory memory = client.local(NEVER)) {
            BatchRequest seeded = BatchRequest.of(8).withSeed(5);

            assertThat(memory.sample(seeded).pixels())
                    .isEqualTo(memory.sample(seeded).pixels());
            assertThat(memory.sample(BatchRequest.of(4).from("cow", "cat")).labels())
                    .containsOnly(0, 2);
            assertThat(memory.sample(BatchRequest.of(4).from("cow", "cat", "cow"))
                            .labels())
                    .containsExactlyInAnyOrder(0, 0, 2, 2);
            assertThatThrownBy(() -> memory.sample(BatchRequest.of(4).from("bird")))
                    .isInstanceOf(ReverieException.Refused.class)
                    .hasMessage("the memory has no images of the class 'bird': check the label");
        }
    }

    @Test
    @DisplayName("counts a class that is named in two Unicode forms once")
    void forms() throws ReverieException {
        service.answer(memory("\"a\"", List.of("\u00e9", "b"), 0, 0, 0, 0, 1, 1));
        try (LocalMemory memory = client.local(NEVER)) {
            assertThat(memory.sample(BatchRequest.of(4).from("\u00e9", "e\u0301", "b"))
                            .labels())
                    .containsExactlyInAnyOrder(0, 0, 1, 1);
        }
    }

    @Test
    @DisplayName("of an empty memory has no batches, until the memory has images")
    void empty() throws ReverieException {
        service.answer(EMPTY, memory("\"a\"", List.of("cat"), 0));
        try (LocalMemory memory = client.local(NEVER)) {
            assertThat(memory.size()).isZero();
            assertThatThrownBy(() -> memory.sample(1))
                    .isInstanceOf(ReverieException.Refused.class)
                    .hasMessage("no class has images yet: send samples first, or wait");

            memory.refresh();
            assertThat(memory.sample(1).size()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("gives each of several threads whole batches of one copy while it is refreshed")
    void concurrent() throws ReverieException {
        Response cats = memory("\"a\"", List.of("cat"), 0, 0);
        Response dogs = memory("\"b\"", List.of("dog"), 0, 0);
        service.answer(
                IntStream.range(0, 51).mapToObj(i -> i % 2 == 0 ? cats : dogs).toArray(Response[]::new));
        try (LocalMemory memory = client.local(NEVER)) {
            List<CompletableFuture<Void>> readers = IntStream.range(0, 4)
                    .mapToObj(_ -> CompletableFuture.runAsync(() -> readWholeBatches(memory)))
                    .toList();
            for (int i = 0; i < 50; i++) {
                memory.refresh();
            }
            readers.forEach(CompletableFuture::join);
        }
    }

    private static void readWholeBatches(LocalMemory memory) {
        for (int i = 0; i < 500; i++) {
            try {
                MemoryImages batch = memory.sample(6);
                assertThat(batch.names()).hasSize(1);
                assertThat(batch.labels()).hasSize(6);
            } catch (ReverieException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    @Test
    @DisplayName("needs a positive time between refreshes")
    void positive() {
        assertThatThrownBy(() -> client.local(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Response memory(String etag, List<String> classes, int... labels) {
        return Response.npz(etag, MemoryFiles.of(classes, labels).toNpz());
    }

    private static Map<Long, Long> counts(long... values) {
        return LongStream.of(values).boxed().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    @Test
    @DisplayName("can be read after it is closed")
    void closed() throws ReverieException {
        service.answer(memory("\"a\"", List.of("cat"), 0));
        LocalMemory memory = client.local(NEVER);

        memory.close();

        assertThat(Arrays.stream(memory.images().orElseThrow().labels()).sum()).isZero();
    }
}
