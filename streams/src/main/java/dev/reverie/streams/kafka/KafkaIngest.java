package dev.reverie.streams.kafka;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.IngestSource;
import dev.reverie.streams.ingest.ItemDelivery;
import dev.reverie.streams.ingest.RetryingDelivery;
import dev.reverie.streams.ingest.SourceItem;
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
 * Takes in the records of a topic.
 *
 * <pre>
 *   consumer --> decode (its own threads) --> group --> admit, or dead letter --> commit the offsets
 *      ^------- begins anew after a pause when it fails, ends by itself or stands still --------'
 * </pre>
 *
 * <p>What a record is, its header {@code content-type} says:
 *
 * <ul>
 *   <li>without one, {@code image/png} or {@code image/jpeg}: the value is a picture, the header {@code label} names
 *       its class and the header {@code id}, which may be missing, the sample; all headers are text in UTF-8.
 *   <li>{@code application/json} or {@code application/x-ndjson}: the value is an object, or one a line,
 *       {@code {"label": "cat", "image": "base64 of a PNG or JPEG", "id": "may be missing"}}.
 *   <li>{@code application/x-npz}: the value is a batch as over HTTP.
 * </ul>
 *
 * <p>A sample without an id is known by its label and pixels, so a producer that sends it twice counts once.
 *
 * <p>An offset is committed when all samples before it are durable, or their record is acknowledged as a dead letter.
 * After a failure records come again, and the service knows them; only a dead letter may then be there twice. If the
 * service defers, reading waits, and nothing is dropped.
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
    private final Executor work;
    private final StallDetector progress;
    private final AtomicLong settled = new AtomicLong();
    private final SharedKillSwitch closing = KillSwitches.shared("kafka-door");
    private final CompletionStage<Done> ended;
    private final Cancellable watch;
    private volatile KafkaHealth standing;
    private volatile RetryingDelivery admission;
    private volatile Optional<Reading> current = Optional.empty();
    private volatile boolean stopping;

    /** One life of the stream, from joining the group to its end or failure. */
    private record Reading(
            Consumer.Control control, UniqueKillSwitch inner, KafkaHealth standing, CompletionStage<Done> ended) {}

    private KafkaIngest(ActorSystem<?> system, KafkaSettings settings, MemoryService service, IngestListener listener) {
        this.system = system;
        this.settings = settings;
        this.listener = listener;
        this.admission = new RetryingDelivery(system, service, IngestSource.KAFKA, listener);
        this.clients = new KafkaClients(system, settings);
        this.queries = new BrokerQueries(clients, settings);
        this.reader = new RecordReader(settings.limits());
        this.work = system.dispatchers().lookup(DispatcherSelector.fromConfig("reverie.door-work-dispatcher"));
        this.progress = new StallDetector(settings.patience().dividedBy(settings.watchInterval()));
        this.standing = new KafkaHealth(settings);
        RestartSettings pauses = RestartSettings.create(settings.shortestPause(), settings.longestPause(), 0.2)
                .withLogSettings(RestartSettings.createLogSettings(Attributes.logLevelOff()));
        this.ended = RestartSource.onFailuresWithBackoff(pauses, this::reading)
                .via(closing.flow())
                .runWith(Sink.ignore(), system);
        this.watch = system.scheduler()
                .scheduleWithFixedDelay(Duration.ZERO, settings.watchInterval(), this::look, system.executionContext());
    }

    /**
     * Begins to read. Brokers that cannot be reached now are tried again and again; {@link #check()} tells.
     *
     * @param listener is told of every record that becomes a dead letter, and of every time that the service defers
     */
    public static KafkaIngest open(
            ActorSystem<?> system, KafkaSettings settings, MemoryService service, IngestListener listener) {
        return new KafkaIngest(system, settings, service, listener);
    }

    /** Whether records are read, and what stands in the way if not. */
    public Readiness.Check check() {
        return stopping ? new Readiness.Check(NAME, false, "is closed") : standing.check();
    }

    /** Records that wait, as of the last look. */
    public long behind() {
        return standing.behind();
    }

    /**
     * Reads no more, and ends when what was read is settled and its offsets are committed, or {@code grace} is over.
     * What is not settled then comes again when the door is next opened.
     */
    public CompletionStage<Done> stop(Duration grace) {
        stopping = true;
        watch.cancel();
        current.ifPresentOrElse(
                reading -> reading.control().drainAndShutdown(reading.ended(), work), closing::shutdown);
        Cancellable deadline = system.scheduler().scheduleOnce(grace, closing::shutdown, system.executionContext());
        return ended.handle((_, _) -> {
            deadline.cancel();
            admission.close();
            queries.close();
            return Done.getInstance();
        });
    }

    private Source<Done, ?> reading() {
        if (stopping) {
            return Source.empty();
        }
        KafkaHealth given = standing.next();
        standing = given;
        RetryingDelivery patient = admission.successor();
        admission = patient;
        DeadLetterTopic letters =
                new DeadLetterTopic(settings.deadLetters(), new SendProducer<>(clients.producer(), system), work);
        ItemDelivery<CommittableMessage<byte[], byte[]>> settlement =
                new ItemDelivery<>(IngestSource.KAFKA, patient, listener, letters);
        return Consumer.committableSource(
                        clients.consumer(),
                        Subscriptions.topics(settings.topic()).withPartitionAssignmentHandler(given))
                .mapAsync(DECODERS, message -> CompletableFuture.supplyAsync(() -> read(message), work))
                .via(settlement.flow(settings.samples(), settings.window()))
                .map(this::offsets)
                .via(Committer.flow(clients.committer()))
                .viaMat(KillSwitches.single(), Keep.both())
                .watchTermination((controls, end) -> begun(new Reading(
                        controls.first(), controls.second(), given, end.whenComplete((_, _) -> letters.close()))))
                .concatLazy(Source.lazySource(this::afterTheEnd));
    }

    private SourceItem<CommittableMessage<byte[], byte[]>> read(CommittableMessage<byte[], byte[]> message) {
        try (IngestListener.Work _ = listener.decoding(IngestSource.KAFKA)) {
            return reader.read(message);
        }
    }

    private CommittableOffsetBatch offsets(List<CommittableMessage<byte[], byte[]>> messages) {
        settled.incrementAndGet();
        return ConsumerMessage.createCommittableOffsetBatch(
                messages.stream().map(CommittableMessage::committableOffset).toList());
    }

    private Reading begun(Reading reading) {
        current = Optional.of(reading);
        reading.ended().whenComplete((_, failure) -> {
            current = Optional.empty();
            if (failure != null) {
                reading.standing().fails(Asks.causeOf(failure));
            }
            if (stopping) {
                closing.shutdown();
            }
        });
        return reading;
    }

    /** Consumers have been seen to end without a word: that is a failure like any other. */
    private Source<Done, ?> afterTheEnd() {
        return stopping ? Source.empty() : Source.failed(new IllegalStateException("reading ended by itself"));
    }

    private void look() {
        KafkaHealth looked = standing;
        queries.backlog(looked.partitions()).whenComplete((backlog, failure) -> {
            if (stopping) {
                return;
            }
            if (failure != null) {
                looked.brokersAreSilent(Asks.causeOf(failure));
            } else {
                looked.brokersAnswer(backlog);
                judge(backlog.orElse(ConsumerLag.NONE));
            }
        });
    }

    private synchronized void judge(ConsumerLag backlog) {
        if (progress.standsStill(backlog.records(), backlog.end(), settled.get() + admission.answers())) {
            current.ifPresent(reading -> reading.inner()
                    .abort(new IllegalStateException("for " + settings.patience() + " nothing came, although "
                            + backlog.records() + " records wait")));
        }
    }
}
