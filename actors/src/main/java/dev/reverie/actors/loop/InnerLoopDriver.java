package dev.reverie.actors.loop;

import dev.reverie.actors.Asks;
import dev.reverie.actors.loop.LoopCommand.Assigned;
import dev.reverie.actors.loop.LoopCommand.NextVisit;
import dev.reverie.actors.loop.LoopCommand.NoMoreVisits;
import dev.reverie.actors.loop.LoopCommand.VisitReply;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Runs the inner loops of a coordinator, one at a time: hands out the visits of a loop, processes the reports about
 * them, starts network training after the last report, and closes the loop. The driver withholds the reply to
 * {@link NextVisit} while no visit is available, so that only demand from the matching stream sets the pace. Belongs to
 * one coordinator and runs on its thread.
 *
 * @param <M> type of the coordinator's messages
 */
public final class InnerLoopDriver<M> {

    /** The steps of a loop that the coordinator performs. */
    public interface LoopOwner {

        /** Starts the training of the network after the last visit; empty if the network is not trained. */
        Optional<CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>>> train();

        /** Called if the training could not be run. The owner {@linkplain #close closes} the loop or gives up. */
        void onTrainingFailed(Throwable cause);

        /**
         * Called after the loop has closed.
         *
         * @param matched whether at least one class step succeeded
         */
        void onLoopClosed(boolean matched);
    }

    private final ActorContext<M> context;
    private final Function<LoopCommand, M> wrap;
    private final LoopOwner owner;
    private final TimeLimitClock clock;
    private final TelemetryListener telemetry;
    private Optional<ActorRef<VisitReply>> waiting = Optional.empty();
    private Optional<InnerLoop> loop = Optional.empty();
    private boolean ended;

    /**
     * Creates a driver without a loop.
     *
     * @param wrap wraps a command in a message to the coordinator, which passes the command back to {@link #on}
     */
    public InnerLoopDriver(
            ActorContext<M> context,
            Function<LoopCommand, M> wrap,
            LoopOwner owner,
            TimeLimitClock clock,
            TelemetryListener telemetry) {
        this.context = context;
        this.wrap = wrap;
        this.owner = owner;
        this.clock = clock;
        this.telemetry = telemetry;
    }

    /** Begins a loop; no visit is handed out before {@link #open}. */
    public void begin(LoopPosition position, List<Assigned> visits) {
        loop = Optional.of(new InnerLoop(position, visits, clock, telemetry));
    }

    /**
     * Starts to hand out the visits of the loop.
     *
     * @param seconds time that the worker has spent on the loop so far, in seconds
     */
    public void open(double seconds) {
        loop.ifPresent(begun -> begun.open(seconds));
        replyIfPossible();
    }

    /** Whether a loop has begun and is not closed. */
    public boolean isRunning() {
        return loop.isPresent();
    }

    /** Handles a message about the current loop; a report that arrives after the end of the loop is ignored. */
    public void on(LoopCommand command) {
        switch (command) {
            case NextVisit(var replyTo) -> {
                waiting = Optional.of(replyTo);
                replyIfPossible();
            }
            case LoopCommand.VisitMatched report ->
                loop.ifPresent(open -> {
                    open.matched(report);
                    trainIfComplete(open);
                });
            case LoopCommand.VisitSkipped report ->
                loop.ifPresent(open -> {
                    open.skipped(report);
                    trainIfComplete(open);
                });
            case LoopCommand.NetworkTrained(var trained, var result) ->
                loop.filter(trained::equals).ifPresent(open -> {
                    open.trained(result);
                    close();
                });
            case LoopCommand.TrainingFailed(var trained, var cause) ->
                loop.filter(trained::equals).ifPresent(_ -> owner.onTrainingFailed(cause));
        }
    }

    private void replyIfPossible() {
        waiting.ifPresent(replyTo -> nextReply().ifPresent(reply -> {
            waiting = Optional.empty();
            replyTo.tell(reply);
        }));
    }

    private Optional<? extends VisitReply> nextReply() {
        return ended ? Optional.of(new NoMoreVisits()) : loop.flatMap(InnerLoop::nextVisit);
    }

    private void trainIfComplete(InnerLoop open) {
        if (!open.isComplete() || ended) {
            return;
        }
        owner.train()
                .ifPresentOrElse(
                        training -> Asks.pipeToSelf(
                                context,
                                training,
                                result -> wrap.apply(new LoopCommand.NetworkTrained(open, result)),
                                cause -> wrap.apply(new LoopCommand.TrainingFailed(open, cause))),
                        this::close);
    }

    /** Closes the loop, whether or not all its visits were made, and notifies the coordinator. */
    public void close() {
        loop.ifPresent(open -> {
            open.close();
            loop = Optional.empty();
            owner.onLoopClosed(open.hasMatched());
        });
    }

    /** Drops the loop as if it had not begun. */
    public void abandon() {
        loop = Optional.empty();
    }

    /** Drops the pending request after the matching stream has failed; a new stream will send its own request. */
    public void dropRequest() {
        waiting = Optional.empty();
    }

    /**
     * Hands out no more visits: answers the pending request and every later one with {@link NoMoreVisits}. If visits of
     * the current loop are not reported yet, the loop stays open, and the network is not trained.
     */
    public void end() {
        ended = true;
        replyIfPossible();
    }
}
