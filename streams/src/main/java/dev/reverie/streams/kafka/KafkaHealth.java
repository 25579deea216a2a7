package dev.reverie.streams.kafka;

import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.service.Readiness;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.kafka.RestrictedConsumer;
import org.apache.pekko.kafka.javadsl.PartitionAssignmentHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tracks the health of one run of the consumer: its partitions, lag and failures. Thread safe. */
final class KafkaHealth implements PartitionAssignmentHandler {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaHealth.class);

    private final KafkaSettings settings;
    private final Set<TopicPartition> partitions = ConcurrentHashMap.newKeySet();
    private volatile boolean joined;
    /** Whether the group has given this member no partition, because it has more members than partitions. */
    private volatile boolean spare;

    private volatile Optional<String> failure = Optional.empty();
    private volatile Optional<String> brokerFailure = Optional.empty();
    private volatile long lag;

    KafkaHealth(KafkaSettings settings) {
        this.settings = settings;
    }

    /** Returns the initial health of the next run of the consumer, with the failures and the lag of this run. */
    KafkaHealth ofNextRun() {
        KafkaHealth next = new KafkaHealth(settings);
        next.failure = failure;
        next.brokerFailure = brokerFailure;
        next.lag = lag;
        return next;
    }

    Set<TopicPartition> partitions() {
        return Set.copyOf(partitions);
    }

    /** Records a failure of the consumer. The consumer restarts after a pause. */
    void readingFailed(Throwable cause) {
        joined = false;
        failure = Optional.of(summary(cause));
        LOG.warn(check().detail());
    }

    void brokersFailed(Throwable cause) {
        boolean isFirst = brokerFailure.isEmpty();
        brokerFailure = Optional.of(summary(cause));
        if (isFirst) {
            LOG.warn(check().detail());
        }
    }

    /**
     * Records a response of the brokers.
     *
     * @param measured consumer lag; empty if no partitions are assigned
     */
    void brokersResponded(Optional<BrokerQueries.Lag> measured) {
        if (brokerFailure.isPresent()) {
            LOG.warn("The Kafka brokers at {} respond again, so reading continues", settings.servers());
        }
        brokerFailure = Optional.empty();
        lag = measured.map(BrokerQueries.Lag::records).orElse(spare ? 0 : lag);
    }

    /** Returns the number of unread records at the last query. */
    long lag() {
        return lag;
    }

    Readiness.Check check() {
        if (brokerFailure.isPresent()) {
            return failed("the brokers at " + settings.servers() + " do not respond for the topic '" + settings.topic()
                    + "' (" + brokerFailure.get()
                    + "): check them and reverie.kafka.bootstrap-servers; trying again");
        }
        if (!joined && failure.isPresent()) {
            return failed("reading '" + settings.topic() + "' from " + settings.servers() + " failed (" + failure.get()
                    + "): trying again");
        }
        if (!joined) {
            return failed("waiting for partitions of '" + settings.topic() + "' to be assigned");
        }
        return new Readiness.Check(
                KafkaIngest.NAME,
                true,
                "reads " + count(partitions.size(), "partition") + " of '" + settings.topic() + "', "
                        + count(lag, "record") + " behind at the last check");
    }

    private static Readiness.Check failed(String detail) {
        return new Readiness.Check(KafkaIngest.NAME, false, detail);
    }

    private static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }

    private static String summary(Throwable cause) {
        String message = Optional.ofNullable(cause.getMessage()).orElse("");
        String line = message.lines().findFirst().orElse("");
        return SafeExcerpt.line((cause.getClass().getSimpleName() + " " + line).strip());
    }

    @Override
    public void onAssign(Set<TopicPartition> assigned, RestrictedConsumer consumer) {
        partitions.addAll(assigned);
        spare = partitions.isEmpty();
        joined = true;
    }

    @Override
    public void onRevoke(Set<TopicPartition> revoked, RestrictedConsumer consumer) {
        partitions.removeAll(revoked);
    }

    @Override
    public void onLost(Set<TopicPartition> lost, RestrictedConsumer consumer) {
        partitions.removeAll(lost);
    }

    @Override
    public void onStop(Set<TopicPartition> stopped, RestrictedConsumer consumer) {
        partitions.clear();
    }
}
