package dev.reverie.deploy.client;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.client.ReverieClient;
import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.http.ApiServer;
import dev.reverie.streams.http.BearerTokens;
import dev.reverie.streams.http.HttpSettings;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.InMemoryService;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The real HTTP API on a free port for a service that stores everything; can be stopped and restarted. */
public final class TestService implements AutoCloseable {

    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "test-service");
    private final InMemoryService service = new InMemoryService();
    private final BearerTokens tokens;
    private final int port;
    private ApiServer api;

    private TestService(BearerTokens tokens) {
        this.tokens = tokens;
        service.converge();
        service.delayBackups(CompletableFuture.failedStage(new UnavailableException("another backup is running")));
        this.api = bind(0);
        this.port = api.address().getPort();
    }

    public static TestService start() {
        return new TestService(BearerTokens.none());
    }

    /** Starts a service that requires tokens, see {@link BearerTokens#parse}. */
    public static TestService withTokens(String tokens) {
        return new TestService(BearerTokens.parse(tokens));
    }

    private ApiServer bind(int wanted) {
        ApiServer.Dependencies dependencies = new ApiServer.Dependencies(
                service,
                MemoryHistory.start(service, InstantSource.system(), System::nanoTime, system),
                IngestListener.NONE,
                _ -> (_, _, _) -> {},
                () -> tokens,
                Optional.empty(),
                _ -> Optional.empty(),
                Optional.empty(),
                List::of);
        return ApiServer.bind(system, HttpSettings.on(wanted), dependencies)
                .toCompletableFuture()
                .join();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public ReverieClient client() {
        return ReverieClient.builder(address()).build();
    }

    /** Queues the answer to the next delivery. */
    public void answerNext(DeliveryOutcome admission) {
        service.replyNextWith(CompletableFuture.completedStage(admission));
    }

    /** Makes the service a node of a cluster. */
    public void joined(ClusterView view) {
        service.joined(view);
    }

    /** Sets the content of all backups. Without content, the service says that it cannot take a backup now. */
    public void backupWith(byte[] content) {
        service.backupWith(Source.single(ByteString.fromArray(content)));
        service.delayBackups(CompletableFuture.completedStage(Done.getInstance()));
    }

    /** Returns all accepted samples, in order. */
    public List<Sample> arrived() {
        return service.accepted();
    }

    /** Stops listening until {@link #listenAgain()}. */
    public void stopListening() {
        api.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
    }

    public void listenAgain() {
        api = bind(port);
    }

    @Override
    public void close() {
        stopListening();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
