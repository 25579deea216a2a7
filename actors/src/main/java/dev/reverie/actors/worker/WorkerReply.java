package dev.reverie.actors.worker;

/**
 * What a worker says to a job: exactly one of these, always.
 *
 * @param <T> what the job computes
 */
public sealed interface WorkerReply<T> {

    /**
     * The job was run, well or badly.
     *
     * @param <T> what the job computes
     */
    sealed interface Answer<T> extends WorkerReply<T> {}

    /**
     * The job is done.
     *
     * @param <T> what the job computes
     * @param seconds spent inside the engine
     */
    record Completed<T>(T outcome, double seconds) implements Answer<T> {}

    /**
     * The engine threw, or computed something that is not finite. The worker goes on with a new engine, so the job may
     * be sent again.
     *
     * @param <T> what the job was to compute
     */
    record Failed<T>(String reason) implements Answer<T> {}

    /**
     * There is no engine: it could not be created. Another attempt is made later.
     *
     * @param <T> what the job was to compute
     */
    record Unavailable<T>(Throwable cause) implements WorkerReply<T> {}
}
