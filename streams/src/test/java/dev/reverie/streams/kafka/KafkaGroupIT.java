package dev.reverie.streams.kafka;

import static dev.reverie.streams.ServiceCluster.await;
import static dev.reverie.streams.ServiceCluster.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.streams.ServiceCluster;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.service.RecordedIngest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The nodes of a cluster that read a Kafka topic as one consumer group")
class KafkaGroupIT extends AbstractKafkaTest {

    private static final int RECORDS = 2000;

    private KafkaSettings settings(String address) {
        return KafkaSettings.of(broker.servers(), topic, topic, topic + ".dead-letters")
                .ofNode(address);
    }

    /** Begins to read as a node whose service accepts everything. */
    private KafkaIngest open(String address) {
        return new KafkaIngest(kit.system(), settings(address), service, new RecordedIngest());
    }

    @Test
    @DisplayName("are all ready, even if the topic has fewer partitions than there are nodes")
    void moreNodesThanPartitions() {
        broker.create(topic, 1);
        broker.send(Records.pictures(topic, 0, 100));

        List<KafkaIngest> nodes = Stream.of("a:1", "b:1", "c:1").map(this::open).toList();

        nodes.forEach(node -> await(() -> node.check().passed()));
        await(() -> broker.assignments(topic).size() == 3);
        await(() -> nodes.stream()
                        .filter(node -> node.check().detail().contains("reads 1 partition "))
                        .count()
                == 1);
        await(() -> samples().size() == 100);
        nodes.forEach(AbstractKafkaTest::stop);
    }

    @Test
    @DisplayName("keep their partitions while one of them starts again, which then gets its own back")
    void restartWithoutRebalance() {
        broker.create(topic, 6);
        KafkaIngest restarted = open("a:1");
        List<KafkaIngest> others = Stream.of("b:1", "c:1").map(this::open).toList();
        await(() -> broker.assignments(topic).values().stream()
                        .filter(partitions -> partitions.size() == 2)
                        .count()
                == 3);
        Map<String, Set<Integer>> before = broker.assignments(topic);

        stop(restarted);
        Map<String, Set<Integer>> meanwhile = broker.assignments(topic);
        broker.send(Records.pictures(topic, 0, 200));
        KafkaIngest again = open("a:1");
        await(() -> again.check().passed());
        await(() -> broker.committed(topic) == 200);

        assertThat(before).containsOnlyKeys("a-1", "b-1", "c-1");
        assertThat(meanwhile).isEqualTo(before);
        assertThat(broker.assignments(topic)).isEqualTo(before);
        assertThat(samples()).hasSize(200);
        stop(again);
        others.forEach(AbstractKafkaTest::stop);
    }

    @Test
    @DisplayName("count every record once when one of them is killed while it reads")
    void killedNode(@TempDir Path data) {
        broker.create(topic, 6);
        try (ServiceCluster cluster = ServiceCluster.started(data)) {
            List<KafkaIngest> doors = new ArrayList<>();
            IntStream.range(0, 3).forEach(number -> doors.add(open(cluster, number)));
            await(() -> broker.assignments(topic).values().stream()
                            .filter(partitions -> partitions.size() == 2)
                            .count()
                    == 3);

            broker.send(Records.pictures(topic, 0, RECORDS / 2));
            await(() -> counted(cluster.node(0)) >= RECORDS / 10);
            cluster.kill(1);
            doors.remove(1);
            broker.send(Records.pictures(topic, RECORDS / 2, RECORDS / 2));

            await(() -> broker.committed(topic) == RECORDS);
            for (ActorMemoryService node : cluster.all()) {
                await(() -> counted(node) >= RECORDS);
                assertThat(counted(node)).isEqualTo(RECORDS);
            }
            doors.forEach(door -> assertThat(door.check().passed()).isTrue());
            doors.forEach(AbstractKafkaTest::stop);
        }
    }

    private KafkaIngest open(ServiceCluster cluster, int number) {
        ActorMemoryService node = cluster.node(number);
        return new KafkaIngest(node.system(), settings(cluster.address(number)), node, new RecordedIngest());
    }

    private static long counted(ActorMemoryService node) {
        return join(node.classes()).stream().mapToLong(ClassInfo::seen).sum();
    }
}
