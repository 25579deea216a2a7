package dev.reverie.streams.kafka;

import dev.reverie.actors.Asks;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.ingest.ItemDelivery;
import dev.reverie.streams.ingest.ItemDelivery.DecodeResult;
import dev.reverie.streams.ingest.RetryingDelivery;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.kafka.ConsumerMessage;
import org.apache.pekko.kafka.ConsumerMessage.CommittableMessage;
import org.apache.pekko.kafka.ConsumerMessage.CommittableOffsetBatch;
import org.apache.pekko.kafka.Subscriptions;
import org.apache.pekko.kafka.javadsl.Committer;
import org.apache.pekko.kafka.javadsl.Consumer;
import org.apache.pekko.kafka.javadsl.SendProducer;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Ingests the records of a Kafka topic.
 *
 * <pre>
 *   consumer --> decode (own threads) --> group --> accept, or dead letter --> commit offsets
 *      ^------- restarts after a pause when it fails, ends by itself or stalls -------'
 * </pre>
 *
 * <p>The header {@code content-type} determines the format of a record:
 *
 * <ul>
 *   <li>no header or {@code application/octet-stream}: the first bytes of the value tell which of the following it is.
 *   <li>{@code image/*}: the value is a picture. The header {@code label} names the class of the image, and the
 *       optional header {@code id} identifies the sample. Headers are UTF-8 text.
 *   <li>{@code application/json} or {@code application/x-ndjson}: the value contains one object per line,
 *       {@code {"label": "cat", "image": "base64 of a picture", "id": "optional"}}.
 *   <li>{@code application/x-npz}: the value is a batch, as over HTTP.
 *   <li>{@code application/x-npy}: the value is an array of images, whose label is in the header {@code label}.
 * </ul>
 *
 * <p>A sample without an id is identified by its label and pixels, so a sample that a producer sends twice counts once.
 *
 * <p>An offset is committed only when every earlier record is finished: either all samples of the record are durable,
 * or the record is in the dead-letter topic. After a failure, records are read again, and their samples are recognised
 * as duplicates; the dead-letter topic may then contain a record twice. Reading waits while the service defers
 * deliveries, so no record is dropped.
 */
public final class KafkaIngest {

    static final String NAME = "kafka";

    private static final int DECODERS = 2;

    private final ActorSystem<?> system;
    private final KafkaSettings settings;
    private final IngestListener listener;
    private final KafkaClients clients;
    private final BrokerQueries queries;
    private final RecordReader reader;
    private final Executor ingestPool;
    private final StallDetector stallDetector;
    private final AtomicLong processed = new AtomicLong();
    private final SharedKillSwitch closing = KillSwitches.shared("kafka-ingest");
    private final CompletionStage<Done> ended;
    private final Cancellable lagTimer;
    private volatile KafkaHealth health;
    private volatile RetryingDelivery delivery;
    private volatile Optional<ConsumerRun> current = Optional.empty();
    private volatile boolean stopping;

    /** One run of the consumer, which begins when it joins the group and ends when it stops or fails. */
    private record ConsumerRun(
            Consumer.Control control, UniqueKillSwitch abort, KafkaHealth health, CompletionStage<Done> ended) {}

    /**
     * Starts reading the topic. If the brokers are unreachable, keeps trying and reports this state in
     * {@link #check()}.
     *
     * @param listener receives every refused record and every deferred delivery
     */
    public KafkaIngest(ActorSystem<?> system, KafkaSettings settings, MemoryService service, IngestListener listener) {
        this.system = system;
        this.settings = settings;
        this.listener = listener;
        this.delivery = new RetryingDelivery(system, service, IngestSource.KAFKA, listener);
        this.clients = new KafkaClients(system, settings);
        this.queries = new BrokerQueries(clients::admin, settings);
        this.reader = new RecordReader(settings.limits(), settings.resizing(), service::imageShape);
        this.ingestPool = system.dispatchers().lookup(DispatcherSelector.fromConfig("reverie.ingest-dispatcher"));
        this.stallDetector = new StallDetector(settings.stallTimeout().dividedBy(settings.watchInterval()));
        this.health = new KafkaHealth(settings);
        RestartSettings backoff = RestartSettings.create(settings.shortestPause(), settings.longestPause(), 0.2)
                .withLogSettings(RestartSettings.createLogSettings(Attributes.logLevelOff()));
        this.ended = RestartSource.onFailuresWithBackoff(backoff, this::consume)
                .via(closing.flow())
                .runWith(Sink.ignore(), system);
        this.lagTimer = system.scheduler()
                .scheduleWithFixedDelay(
                        Duration.ZERO, settings.watchInterval(), this::checkLag, system.executionContext());
    }

    /** Checks whether the consumer reads records. */
    public Readiness.Check check() {
        return stopping ? new Readiness.Check(NAME, false, "is stopped") : health.check();
    }

    /** Returns the number of unread records at the last check. */
    public long lag() {
        return health.lag();
    }

    /**
     * Stops reading. Completes when all records that were read have been processed and their offsets committed, or when
     * {@code grace} is over. Records that have not been processed by then are read again after the next start.
     */
    public CompletionStage<Done> stop(Duration grace) {
        stopping = true;
        lagTimer.cancel();
        current.ifPresentOrElse(run -> run.control().drainAndShutdown(run.ended(), ingestPool), closing::shutdown);
        Cancellable deadline = system.scheduler().scheduleOnce(grace, closing::shutdown, system.executionContext());
        return ended.handle((_, _) -> {
            deadline.cancel();
            delivery.close();
            queries.close();
            return Done.getInstance();
        });
    }

    /** Creates the stream of one run of the consumer; called at the start and after each failure. */
    private Source<Done, ?> consume() {
        if (stopping) {
            return Source.empty();
        }
        KafkaHealth runHealth = health.ofNextRun();
        health = runHealth;
        RetryingDelivery restarted = delivery.restarted();
        delivery = restarted;
        DeadLetterTopic deadLetters =
                new DeadLetterTopic(settings.deadLetters(), new SendProducer<>(clients.producer(), system), ingestPool);
        ItemDelivery<CommittableMessage<byte[], byte[]>> items =
                new ItemDelivery<>(IngestSource.KAFKA, restarted, listener, deadLetters);
        return Consumer.committableSource(
                        clients.consumer(),
                        Subscriptions.topics(settings.topic()).withPartitionAssignmentHandler(runHealth))
                .mapAsync(DECODERS, message -> CompletableFuture.supplyAsync(() -> read(message), ingestPool))
                .via(items.flow(settings.samples(), settings.window()))
                .map(this::offsets)
                .via(Committer.flow(clients.committer()))
                .viaMat(KillSwitches.single(), Keep.both())
                .watchTermination((controls, end) -> started(new ConsumerRun(
                        controls.first(),
                        controls.second(),
                        runHealth,
                        end.whenComplete((_, _) -> deadLetters.close()))))
                .concatLazy(Source.lazySource(this::failUnlessStopping));
    }

    private DecodeResult<CommittableMessage<byte[], byte[]>> read(CommittableMessage<byte[], byte[]> message) {
        try (IngestListener.DecodeTimer _ = listener.decoding(IngestSource.KAFKA)) {
            return reader.read(message);
        }
    }

    private CommittableOffsetBatch offsets(List<CommittableMessage<byte[], byte[]>> messages) {
        processed.incrementAndGet();
        return ConsumerMessage.createCommittableOffsetBatch(
                messages.stream().map(CommittableMessage::committableOffset).toList());
    }

    private ConsumerRun started(ConsumerRun run) {
        current = Optional.of(run);
        run.ended().whenComplete((_, failure) -> {
            current = Optional.empty();
            if (failure != null) {
                run.health().readingFailed(Asks.causeOf(failure));
            }
            if (stopping) {
                closing.shutdown();
            } else if (failure == null) {
                run.health().readingFailed(unexpectedEnd());
            }
        });
        return run;
    }

    /** Fails if the consumer ends without a failure, so that it restarts. */
    private Source<Done, ?> failUnlessStopping() {
        return stopping ? Source.empty() : Source.failed(unexpectedEnd());
    }

    private static IllegalStateException unexpectedEnd() {
        return new IllegalStateException("the consumer ended unexpectedly");
    }

    private void checkLag() {
        KafkaHealth checked = health;
        queries.lag(checked.partitions()).whenComplete((lag, failure) -> {
            if (stopping) {
                return;
            }
            if (failure != null) {
                checked.brokersFailed(Asks.causeOf(failure));
            } else {
                checked.brokersResponded(lag);
                restartIfStalled(lag.orElse(BrokerQueries.Lag.NONE));
            }
        });
    }

    private synchronized void restartIfStalled(BrokerQueries.Lag lag) {
        if (stallDetector.isStalled(lag.records(), lag.end(), processed.get() + delivery.outcomes())) {
            current.ifPresent(run -> run.abort()
                    .abort(new IllegalStateException("no record was processed for "
                            + settings.stallTimeout().toSeconds() + " s, although " + lag.records()
                            + " are waiting")));
        }
    }
}
