package dev.reverie.actors.worker;

import dev.reverie.actors.DistillationException;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

/**
 * A worker's reply to a job; every job gets exactly one reply.
 *
 * @param <T> type of the job's result
 */
public sealed interface WorkerReply<T> {

    /** The job was run, with or without success. */
    sealed interface Result<T> extends WorkerReply<T> {

        /** Time spent inside the engine, in seconds; 0 if the job has failed. */
        double seconds();

        /**
         * Returns the result of a job that has succeeded.
         *
         * @param message creates the message of the exception from the reason of the failure
         * @throws DistillationException if the job has failed
         */
        default Completed<T> orThrow(UnaryOperator<String> message) {
            return switch (this) {
                case Completed<T> completed -> completed;
                case Failed<T>(var reason) -> throw new DistillationException(message.apply(reason));
            };
        }
    }

    record Completed<T>(T outcome, double seconds) implements Result<T> {}

    /**
     * The engine threw an exception or computed a value that is not finite. The worker continues with a new engine, so
     * the job may be sent again. Also the result of a job that was not sent because there was no data for it.
     */
    record Failed<T>(String reason) implements Result<T> {
        @Override
        public double seconds() {
            return 0;
        }
    }

    /**
     * The job was cancelled while it ran. The worker continues with a new engine, but the job must not be sent again.
     */
    record Cancelled<T>(CancellationException cause) implements WorkerReply<T> {}

    /** The worker has no engine, because none could be created. The worker makes another attempt later. */
    record Unavailable<T>(Throwable cause) implements WorkerReply<T> {}
}
