package dev.reverie.streams;

import static dev.reverie.streams.ServiceCluster.await;
import static dev.reverie.streams.ServiceCluster.deliver;
import static dev.reverie.streams.ServiceCluster.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus.HeldOutAccuracy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The evaluation of the memory of a cluster")
class ClusterEvaluationIT {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final List<AtomicInteger> evaluations =
            Stream.generate(AtomicInteger::new).limit(3).toList();
    private final AtomicInteger begun = new AtomicInteger();
    /** Evaluations after this number of them do not end by themselves. */
    private int limit = Integer.MAX_VALUE;

    @AutoClose
    private ServiceCluster cluster;

    /** Starts two of three nodes. */
    @BeforeEach
    void start(@TempDir Path data) {
        cluster = ServiceCluster.started(
                data,
                2,
                number -> Optional.of(new EvaluationPolicy(
                        INTERVAL,
                        0.25,
                        5,
                        1000,
                        1 << 20,
                        1,
                        (memory, _, progress) -> evaluate(number, memory, progress))));
    }

    private void deliverBothClasses() {
        deliver(cluster.node(0), "cat", 80, 1);
        deliver(cluster.node(1), "dog", 80, 2);
    }

    private EvaluationReport evaluate(int node, DistilledSet memory, EvaluationProgress progress) {
        boolean endless = begun.incrementAndGet() > limit;
        evaluations.get(node).incrementAndGet();
        do {
            progress.step();
            ServiceCluster.pause();
        } while (endless);
        List<Double> byLabel = Collections.nCopies(memory.classes().size(), 0.75);
        return new EvaluationReport(List.of(0.75), List.of(0.75), List.of(byLabel));
    }

    @Test
    @DisplayName("runs on one node, with the images of all nodes, and every node shows its result")
    void oneForAll() {
        cluster.start(2);
        deliverBothClasses();

        await(this::allShowBothClasses);
        assertThat(evaluating()).hasSize(1);
        for (ActorMemoryService node : cluster.all()) {
            HeldOutAccuracy accuracy = accuracy(node);
            assertThat(accuracy.accuracy()).isEqualTo(0.75);
            assertThat(accuracy.images()).isGreaterThan(10);
            assertThat(join(node.events(Optional.of(0L))
                                    .filter(event -> event.kind() == ServiceEvent.Kind.EVALUATION)
                                    .runWith(Sink.head(), node.system()))
                            .fields())
                    .containsEntry("accuracy", 0.75)
                    .containsEntry("memory_classes", 2);
        }
    }

    @Test
    @DisplayName("goes on at another node when its node is killed, and until then the others show the last result")
    void moves() {
        cluster.start(2);
        deliverBothClasses();
        await(this::allShowBothClasses);

        cluster.kill(evaluating().getFirst());

        await(this::allShowBothClasses);
        HeldOutAccuracy last = accuracy(cluster.all().getFirst());
        await(() -> evaluating().size() == 2);
        for (ActorMemoryService node : cluster.all()) {
            await(() -> accuracy(node).taken().isAfter(last.taken()));
        }
    }

    @Test
    @DisplayName("shows its last result on a node that joins")
    void joins() {
        limit = 1;
        deliverBothClasses();
        await(() -> begun.get() > limit);
        HeldOutAccuracy last = accuracy(cluster.node(0));

        ActorMemoryService joined = cluster.start(2);

        await(() -> accuracy(joined).equals(last));
    }

    /** Whether all nodes show the same result, which is one of both classes. */
    private boolean allShowBothClasses() {
        Set<HeldOutAccuracy> shown =
                cluster.all().stream().map(ClusterEvaluationIT::accuracy).collect(Collectors.toSet());
        return shown.size() == 1
                && shown.stream().allMatch(accuracy -> accuracy.memoryClasses() == 2 && accuracy.classes() == 2);
    }

    /** Returns the result that a node shows, without its age, which is another whenever it is asked for. */
    private static HeldOutAccuracy accuracy(ActorMemoryService node) {
        HeldOutAccuracy shown = join(node.status()).accuracy().orElseThrow();
        return new HeldOutAccuracy(
                shown.accuracy(),
                shown.images(),
                shown.classes(),
                shown.memoryClasses(),
                shown.taken(),
                shown.tested(),
                Duration.ZERO);
    }

    /** Numbers of the nodes that have evaluated the memory. */
    private List<Integer> evaluating() {
        return IntStream.range(0, evaluations.size())
                .filter(number -> evaluations.get(number).get() > 0)
                .boxed()
                .toList();
    }
}
