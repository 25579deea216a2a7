package dev.reverie.actors.loop;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.Member;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.PatientWorker;
import dev.reverie.actors.worker.Reply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Draws;
import dev.reverie.gpu.method.NetworkId;
import dev.reverie.gpu.method.Noise;
import dev.reverie.gpu.method.SelectOutcome;
import dev.reverie.gpu.method.SelectTask;
import dev.reverie.gpu.select.Selection;
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
        return settings.composition()
                .initialiser()
                .selection()
                .map(selection -> select(selection, member, network))
                .orElseGet(() -> compose(member));
    }

    private CompletionStage<Done> select(Selection selection, Member member, NetworkId network) {
        return member.<ClassActor.Candidates>ask(
                        replyTo -> new ClassActor.FindCandidates(
                                limit(selection), draw(member.label(), CANDIDATES), replyTo),
                        scheduler)
                .thenCompose(candidates -> worker.select(task(selection, member, network, candidates))
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

    private SelectTask task(Selection selection, Member member, NetworkId network, ClassActor.Candidates candidates) {
        int count = Math.min(needed(), candidates.images().size());
        return new SelectTask(network, selection, candidates.images(), count, draw(member.label()));
    }

    private long draw(long... coordinates) {
        return Draws.of(settings.seed(), Draws.Purpose.INITIALISE, coordinates);
    }

    /** How many images are looked at: all where that costs nothing, and never fewer than are needed. */
    private int limit(Selection selection) {
        return selection.needsFeatures()
                ? Math.max(settings.representatives().candidates(), needed())
                : Integer.MAX_VALUE;
    }

    /** Out of nothing. */
    private CompletionStage<Done> compose(Member member) {
        return member.<ClassActor.Candidates>ask(
                        replyTo -> new ClassActor.FindCandidates(1, draw(member.label(), CANDIDATES), replyTo),
                        scheduler)
                .thenCompose(one -> compose(
                        member, Noise.images(one.images().getFirst().shape(), needed(), draw(member.label())), 0));
    }

    private static List<Image> chosen(SelectOutcome choice, ClassActor.Candidates candidates) {
        return choice.indices().stream().map(candidates.images()::get).toList();
    }

    private CompletionStage<Done> compose(Member member, List<Image> chosen, double seconds) {
        return member.<Done>ask(replyTo -> new ClassActor.Initialise(repeatedTo(needed(), chosen), replyTo), scheduler)
                .thenApply(done -> initialised(member, seconds));
    }

    private Done initialised(Member member, double seconds) {
        telemetry.on(new TelemetryEvent.ClassInitialised(member.label(), seconds));
        return Done.getInstance();
    }

    /** Real images in the stored ones of a class. */
    private int needed() {
        return settings.ipc() * settings.factor() * settings.factor();
    }

    /** A class too small to fill every cell fills them from the front again. */
    private static List<Image> repeatedTo(int count, List<Image> chosen) {
        return IntStream.range(0, count)
                .mapToObj(i -> chosen.get(i % chosen.size()))
                .toList();
    }
}
