package dev.reverie.streams.kafka;

import dev.reverie.streams.service.Readiness;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.kafka.RestrictedConsumer;
import org.apache.pekko.kafka.javadsl.PartitionAssignmentHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of a reading: which partitions it has, and what stands in its way. Thread safe. */
final class KafkaHealth implements PartitionAssignmentHandler {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaHealth.class);

    private final KafkaSettings settings;
    private final Set<TopicPartition> partitions = ConcurrentHashMap.newKeySet();
    private volatile boolean joined;
    private volatile Optional<String> failure = Optional.empty();
    private volatile Optional<String> silence = Optional.empty();
    private volatile long behind;

    KafkaHealth(KafkaSettings settings) {
        this.settings = settings;
    }

    /** Of the reading that follows this one: it has no partitions yet, and the old troubles until it is given some. */
    KafkaHealth next() {
        KafkaHealth next = new KafkaHealth(settings);
        next.failure = failure;
        next.silence = silence;
        next.behind = behind;
        return next;
    }

    Set<TopicPartition> partitions() {
        return Set.copyOf(partitions);
    }

    /** The reading ended, and begins anew after a pause. */
    void fails(Throwable cause) {
        joined = false;
        failure = Optional.of(inOneLine(cause));
        LOG.warn(check().detail());
    }

    void brokersAreSilent(Throwable cause) {
        boolean news = silence.isEmpty();
        silence = Optional.of(inOneLine(cause));
        if (news) {
            LOG.warn(check().detail());
        }
    }

    /**
     * The brokers answer again, or still.
     *
     * @param backlog empty while there are no partitions to read, so that nobody can tell how it stands
     */
    void brokersAnswer(Optional<ConsumerLag> backlog) {
        if (silence.isPresent()) {
            LOG.warn("{} answers again", settings.servers());
        }
        silence = Optional.empty();
        behind = backlog.map(ConsumerLag::records).orElse(behind);
    }

    /** Records that wait, as of the last answer of the brokers. */
    long behind() {
        return behind;
    }

    Readiness.Check check() {
        if (silence.isPresent()) {
            return failed("no answer about the topic '" + settings.topic() + "' from " + settings.servers() + " ("
                    + silence.get() + "): it is tried again");
        }
        if (!joined && failure.isPresent()) {
            return failed("reading '" + settings.topic() + "' from " + settings.servers() + " failed (" + failure.get()
                    + "): it begins anew");
        }
        if (!joined) {
            return failed("waits to be given partitions of '" + settings.topic() + "'");
        }
        return new Readiness.Check(
                KafkaIngest.NAME,
                true,
                "reads " + partitions.size() + " partitions of '" + settings.topic() + "', " + behind
                        + " records behind at the last look");
    }

    private static Readiness.Check failed(String detail) {
        return new Readiness.Check(KafkaIngest.NAME, false, detail);
    }

    private static String inOneLine(Throwable cause) {
        String message = Optional.ofNullable(cause.getMessage()).orElse("");
        return cause.getClass().getSimpleName() + " "
                + message.lines().findFirst().orElse("");
    }

    @Override
    public void onAssign(Set<TopicPartition> assigned, RestrictedConsumer consumer) {
        partitions.addAll(assigned);
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
