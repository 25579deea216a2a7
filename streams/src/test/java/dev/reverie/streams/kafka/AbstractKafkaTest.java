package dev.reverie.streams.kafka;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.intake.Sample;
import dev.reverie.streams.service.InMemoryService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Runs a real broker during the tests of a class. Each test has a topic with its own name. */
abstract class AbstractKafkaTest {

    private static final Duration GRACE = Duration.ofSeconds(20);

    @AutoClose
    static KafkaBroker broker;

    @AutoClose("shutdownTestKit")
    final ActorTestKit kit = ActorTestKit.create("kafka", ConfigFactory.load());

    final InMemoryService service = new InMemoryService();
    String topic = "";

    @BeforeAll
    static void startBroker(@TempDir Path folder) {
        broker = KafkaBroker.startedIn(folder);
    }

    @BeforeEach
    void nameTopic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
    }

    /** The samples that the service has accepted. */
    List<Sample> samples() {
        return Stream.of("cat", "dog")
                .flatMap(label -> service.accepted(label).stream())
                .toList();
    }

    static void stop(KafkaIngest ingest) {
        ingest.stop(GRACE).toCompletableFuture().join();
    }
}
