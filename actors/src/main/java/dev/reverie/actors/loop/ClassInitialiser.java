package dev.reverie.actors.loop;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.Member;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.PatientWorker;
import dev.reverie.actors.worker.Reply;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Draws;
import dev.reverie.gpu.method.NetworkId;
import dev.reverie.gpu.method.SelectOutcome;
import dev.reverie.gpu.method.SelectTask;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Gives a class its first synthetic images: the method's initialiser chooses among its real images, multi-formation
 * composes them. Thread safe.
 */
public final class ClassInitialiser {

    /** Sets the draw of the images to look at apart from that of the choice among them. */
    private static final long CANDIDATES = 1;

    private final PatientWorker worker;
    private final DistillationSettings settings;
    private final TelemetryListener telemetry;
    private final Scheduler scheduler;

    public ClassInitialiser(
            PatientWorker worker, DistillationSettings settings, TelemetryListener telemetry, Scheduler scheduler) {
        this.worker = worker;
        this.settings = settings;
        this.telemetry = telemetry;
        this.scheduler = scheduler;
    }

    /** One class after the other; fails with a {@link DistillationException} if the images can't be chosen. */
    public CompletionStage<Done> initialiseAll(List<Member> members, NetworkId network) {
        CompletionStage<Done> all = CompletableFuture.completedStage(Done.getInstance());
        for (Member member : members) {
            all = all.thenCompose(done -> initialise(member, network));
        }
        return all;
    }

    public CompletionStage<Done> initialise(Member member, NetworkId network) {
        return member.<ClassActor.Candidates>ask(
                        replyTo -> new ClassActor.FindCandidates(limit(), draw(member.label(), CANDIDATES), replyTo),
                        scheduler)
                .thenCompose(candidates -> worker.select(task(member, network, candidates))
                        .thenCompose(answer -> initialise(member, candidates, answer)));
    }

    private CompletionStage<Done> initialise(
            Member member, ClassActor.Candidates candidates, Reply.Answer<SelectOutcome> answer) {
        return switch (answer) {
            case Reply.Completed<SelectOutcome>(var choice, var seconds) ->
                compose(member, chosen(choice, candidates), seconds);
            case Reply.Failed<SelectOutcome>(var reason) ->
                CompletableFuture.failedStage(new DistillationException(
                        "the initial images of class '" + member.name() + "' could not be chosen: " + reason));
        };
    }

    private SelectTask task(Member member, NetworkId network, ClassActor.Candidates candidates) {
        int count = Math.min(needed(), candidates.images().size());
        return new SelectTask(
                network, settings.method().initialiser(), candidates.images(), count, draw(member.label()));
    }

    private long draw(long... coordinates) {
        return Draws.of(settings.seed(), Draws.Purpose.INITIALISE, coordinates);
    }

    /** How many images are looked at: all where that costs nothing, and never fewer than are needed. */
    private int limit() {
        return settings.method().initialiser().needsFeatures()
                ? Math.max(settings.representatives().candidates(), needed())
                : Integer.MAX_VALUE;
    }

    private static List<Integer> chosen(SelectOutcome choice, ClassActor.Candidates candidates) {
        return choice.indices().stream().map(candidates.indices()::get).toList();
    }

    private CompletionStage<Done> compose(Member member, List<Integer> chosen, double seconds) {
        return member.<Done>ask(replyTo -> new ClassActor.Initialise(repeatedTo(needed(), chosen), replyTo), scheduler)
                .thenApply(done -> {
                    telemetry.on(new TelemetryEvent.ClassInitialised(member.label(), seconds));
                    return done;
                });
    }

    /** Real images in the stored ones of a class. */
    private int needed() {
        return settings.ipc() * settings.factor() * settings.factor();
    }

    /** A class too small to fill every cell fills them from the front again. */
    private static List<Integer> repeatedTo(int count, List<Integer> chosen) {
        return IntStream.range(0, count)
                .map(i -> chosen.get(i % chosen.size()))
                .boxed()
                .toList();
    }
}
