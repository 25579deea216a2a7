package dev.reverie.streams;

import static dev.reverie.streams.ServiceCluster.await;
import static dev.reverie.streams.ServiceCluster.deliver;
import static dev.reverie.streams.ServiceCluster.join;
import static dev.reverie.streams.ServiceCluster.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.telemetry.ClassMoves;
import dev.reverie.streams.history.ClusterHistory;
import dev.reverie.streams.history.History;
import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.service.MemoryService.MemoryView;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service on three nodes")
class ClusterServiceIT {

    private static final List<String> LABELS = Stream.concat(Stream.of("ant", "bee", "cat"), AwkwardLabels.ALL.stream())
            .toList();

    @AutoClose
    private ServiceCluster cluster;

    @BeforeEach
    void start(@TempDir Path data) {
        cluster = ServiceCluster.started(data);
    }

    private void learnAll() {
        for (int i = 0; i < LABELS.size(); i++) {
            deliver(cluster.node(i % 3), LABELS.get(i), 6, i);
        }
    }

    @Test
    @DisplayName("learns each class on the node where it lives, and shows the whole memory on every node")
    void learnsOnAllNodes() {
        learnAll();

        for (ActorMemoryService node : cluster.all()) {
            for (String label : LABELS) {
                await(() -> status(node, label).innerLoops() > 2);
            }
        }
        for (ActorMemoryService node : cluster.all()) {
            await(() -> join(node.memory())
                    .map(MemoryView::set)
                    .filter(set -> Set.copyOf(set.classes().names()).equals(Set.copyOf(LABELS)))
                    .isPresent());
        }
        await(() -> join(cluster.node(0).cluster().orElseThrow().status()).members().stream()
                        .mapToInt(member -> member.classes().orElseThrow())
                        .sum()
                == LABELS.size());
        assertThat(cluster.learning()).as("nodes that learn").isGreaterThan(1);
        assertThat(cluster.all().stream()
                        .mapToInt(node -> moves(node).present())
                        .sum())
                .isEqualTo(LABELS.size());
    }

    private static ClassMoves moves(ActorMemoryService node) {
        return node.cluster().orElseThrow().moves();
    }

    @Test
    @DisplayName("goes on learning the classes of a node that leaves, from where they were")
    void learnsOnAfterALeave() {
        learnAll();
        Map<String, Long> before = new HashMap<>();
        for (String label : LABELS) {
            await(() -> {
                long loops = status(cluster.node(1), label).innerLoops();
                before.put(label, loops);
                return loops > 2;
            });
        }

        ActorMemoryService leaving = cluster.node(0);
        int present = moves(leaving).present();

        cluster.stop(0);

        assertThat(moves(leaving).handedOver()).isGreaterThanOrEqualTo(present);
        for (ActorMemoryService node : cluster.all()) {
            for (String label : LABELS) {
                await(() -> status(node, label).innerLoops() > before.getOrDefault(label, Long.MAX_VALUE));
            }
        }
    }

    @Test
    @DisplayName("shows on every node what all nodes do, and which node does it")
    void showsAllEvents() {
        Map<ActorMemoryService, Set<Object>> progress = new HashMap<>();
        Map<ActorMemoryService, Set<Object>> appeared = new HashMap<>();
        for (ActorMemoryService node : cluster.all()) {
            progress.put(node, collect(node, Kind.PROGRESS, "node"));
            appeared.put(node, collect(node, Kind.CLASS, "label"));
        }

        learnAll();

        await(() -> cluster.learning() > 1);
        for (ActorMemoryService node : cluster.all()) {
            await(() -> progress.getOrDefault(node, Set.of()).size() > 1);
            await(() -> appeared.getOrDefault(node, Set.of()).containsAll(LABELS));
            assertThat(progress.getOrDefault(node, Set.of()))
                    .isSubsetOf(Set.of(cluster.address(0), cluster.address(1), cluster.address(2)));
        }
    }

    @Test
    @DisplayName("merges classes of other nodes on any node, without images that get lost or count twice")
    void mergesEverywhere() {
        learnAll();
        await(() -> join(cluster.node(1).classes()).size() == LABELS.size());

        for (String label : List.of("bee", "cat")) {
            assertThat(join(cluster.node(1).moveImages(label, "ant"))).contains(new DeliveryOutcome.Accepted(6, 0));
            assertThat(join(cluster.node(1).forget(label))).isTrue();
        }

        for (ActorMemoryService node : cluster.all()) {
            await(() -> status(node, "ant").seen() == 18);
            await(() -> join(node.classNamed("cat")).isEmpty());
        }
    }

    @Test
    @DisplayName("seals on one node and forgets on another a class that a third has received, whatever its label")
    void sealsAndForgets() {
        learnAll();

        for (int i = 0; i < LABELS.size(); i++) {
            String label = LABELS.get(i);
            ActorMemoryService other = cluster.node((i + 1) % 3);
            await(() -> SealChange.NOW.isDoneTo(
                    join(other.seal(label, SealChange.NOW)).orElseThrow()));
            assertThat(join(cluster.node((i + 2) % 3).forget(label))).isTrue();
        }

        cluster.all().forEach(node -> await(() -> join(node.classes()).isEmpty()));
    }

    @Test
    @DisplayName("forgets a class on every node at once, also in the memory and in the history")
    void forgetsEverywhere() {
        learnAll();
        List<ClusterHistory> histories = histories();
        histories.forEach(history -> await(() -> labels(history).contains("ant")));

        await(() -> join(cluster.node(2).forget("ant")));
        join(histories.get(2).forget("ant"));

        histories.forEach(history -> assertThat(labels(history)).doesNotContain("ant"));
        for (ActorMemoryService node : cluster.all()) {
            await(() -> join(node.classNamed("ant")).isEmpty());
            await(() -> !join(node.memory())
                    .orElseThrow()
                    .set()
                    .classes()
                    .toString()
                    .contains("ant"));
        }
        await(() -> labels(histories.getFirst()).contains("bee"));
        histories.forEach(history -> assertThat(labels(history)).doesNotContain("ant"));
        cluster.stop(0);
        await(() -> labels(histories.get(1)).contains("bee"));
        assertThat(labels(histories.get(1))).doesNotContain("ant");
    }

    @Test
    @DisplayName("has one history for all nodes, and another one when the node that has it ends")
    void sharesHistory() {
        learnAll();
        List<ClusterHistory> histories = histories();
        await(() -> labels(histories.getFirst()).containsAll(LABELS));

        String moments = read(histories.getFirst(), new History.Query.Moments());

        JsonNode listed = json(moments);
        long number = listed.get(listed.size() - 1).get("number").asLong();
        String moment = read(histories.getFirst(), new History.Query.OneMoment(number));
        String picture = json(moment).get("classes").get(0).get("picture").asText();
        byte[] png = join(histories.getFirst().read(new History.Query.Picture(picture)))
                .orElseThrow();
        for (ClusterHistory history : histories) {
            assertThat(read(history, new History.Query.OneMoment(number))).isEqualTo(moment);
            assertThat(join(history.read(new History.Query.Picture(picture)))).contains(png);
            assertThat(join(history.read(new History.Query.OneMoment(1)))).isEmpty();
        }

        cluster.stop(0);

        await(() -> labels(histories.get(1)).containsAll(LABELS));
        assertThat(labels(histories.get(2))).containsAll(LABELS);
    }

    private List<ClusterHistory> histories() {
        return cluster.all().stream()
                .map(node -> ClusterHistory.of(
                        MemoryHistory.start(node, Instant::now, System::nanoTime, node.system()), node.system()))
                .toList();
    }

    private static String read(History history, History.Query query) {
        return text(join(history.read(query)).orElseThrow());
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The classes of all moments. */
    private static Set<String> labels(History history) {
        Set<String> labels = new HashSet<>();
        for (JsonNode moment : json(read(history, new History.Query.Moments()))) {
            History.Query query =
                    new History.Query.OneMoment(moment.get("number").asLong());
            join(history.read(query))
                    .ifPresent(content ->
                            labels.addAll(json(text(content)).get("classes").findValuesAsText("label")));
        }
        return labels;
    }

    private static Set<Object> collect(ActorMemoryService node, Kind kind, String field) {
        Set<Object> found = ConcurrentHashMap.newKeySet();
        node.events(Optional.empty())
                .filter(event -> event.kind() == kind)
                .map(ServiceEvent::fields)
                .runForeach(fields -> Optional.ofNullable(fields.get(field)).ifPresent(found::add), node.system());
        return found;
    }
}
