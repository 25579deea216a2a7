package dev.reverie.streams.history;

import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus;
import dev.reverie.streams.service.ServiceStatus.HeldOutAccuracy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds a point to the learning curves of a service every ten seconds, for the life of the process. Thread safe. */
final class CurveRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(CurveRecorder.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final MemoryService service;
    private final InstantSource clock;
    private final Timeline<LearningPoint> curves;
    private DoubleSummaryStatistics losses = new DoubleSummaryStatistics();

    CurveRecorder(MemoryService service, InstantSource clock, Timeline<LearningPoint> curves) {
        this.service = service;
        this.clock = clock;
        this.curves = curves;
    }

    /** Starts recording, which ends with the actor system. */
    void start(ActorSystem<?> system) {
        service.events(Optional.empty()).runForeach(this::onEvent, system);
        Source.tick(Duration.ZERO, INTERVAL, Done.getInstance())
                .mapAsync(1, _ -> record().exceptionally(failure -> {
                    LOG.debug("No point could be added to the learning curves", failure);
                    return Done.getInstance();
                }))
                .run(system);
    }

    /** Adds the matching loss of an inner loop to the next point. */
    synchronized void onEvent(ServiceEvent event) {
        if (event.kind() == ServiceEvent.Kind.PROGRESS && event.fields().get("matching_loss") instanceof Number loss) {
            losses.accept(loss.doubleValue());
        }
    }

    CompletionStage<Done> record() {
        long forgotten = curves.forgotten();
        return service.status().thenCombine(service.classes(), (status, classes) -> {
            curves.add(point(status, classes), forgotten);
            return Done.getInstance();
        });
    }

    private LearningPoint point(ServiceStatus status, List<ClassInfo> classes) {
        Map<String, Double> latest = classes.stream()
                .filter(each -> each.matchingLoss().isPresent())
                .collect(Collectors.toUnmodifiableMap(
                        ClassInfo::label, each -> each.matchingLoss().getAsDouble()));
        return new LearningPoint(
                clock.instant(),
                status.samples(),
                status.innerLoops(),
                takeMeanLoss(),
                status.accuracy().stream()
                        .mapToDouble(HeldOutAccuracy::accuracy)
                        .findFirst(),
                latest);
    }

    private synchronized OptionalDouble takeMeanLoss() {
        DoubleSummaryStatistics taken = losses;
        losses = new DoubleSummaryStatistics();
        return taken.getCount() == 0 ? OptionalDouble.empty() : OptionalDouble.of(taken.getAverage());
    }
}
