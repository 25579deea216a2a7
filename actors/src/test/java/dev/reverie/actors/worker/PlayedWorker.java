package dev.reverie.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.engine.DistillationEngine;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** A worker played by a test, which receives its jobs and replies to them. */
public final class PlayedWorker {

    private final ActorTestKit testKit;
    private final TestProbe<GpuWorkerActor.Job<?>> jobs;

    public PlayedWorker(ActorTestKit testKit) {
        this.testKit = testKit;
        this.jobs = testKit.createTestProbe();
    }

    /**
     * A job for the worker.
     *
     * @param method the method of the engine that the job calls
     * @param arguments the arguments of the call
     */
    public record AskedJob(String method, List<Object> arguments, GpuWorkerActor.Job<?> job) {

        static AskedJob of(GpuWorkerActor.Job<?> job) {
            List<AskedJob> calls = new ArrayList<>();
            Object engine = Proxy.newProxyInstance(
                    DistillationEngine.class.getClassLoader(),
                    new Class<?>[] {DistillationEngine.class},
                    (_, method, arguments) -> {
                        calls.add(new AskedJob(
                                method.getName(), arguments == null ? List.of() : List.of(arguments), job));
                        return null;
                    });
            var _ = job.computation().apply((DistillationEngine) engine);
            return calls.getFirst();
        }

        /** The first argument of the call. */
        public <T> T task(Class<T> type) {
            return type.cast(arguments.getFirst());
        }

        @SuppressWarnings("unchecked") // the test knows the type of the result
        public void reply(WorkerReply<?> reply) {
            ((ActorRef<WorkerReply<?>>) (ActorRef<?>) job.replyTo()).tell(reply);
        }

        public void complete(Object outcome) {
            reply(new WorkerReply.Completed<>(outcome, 0));
        }

        public void fail(String reason) {
            reply(new WorkerReply.Failed<>(reason));
        }
    }

    ActorRef<GpuWorkerActor.Job<?>> ref() {
        return jobs.ref();
    }

    /** A pool of workers whose jobs all come here. */
    public WorkerPool pool(int workers) {
        return new WorkerPool(Collections.nCopies(workers, jobs.ref()), testKit.scheduler(), InstantSource.system());
    }

    /** Receives the next job, which must call this method of its engine. */
    public AskedJob receive(String method) {
        return requireCall(method, jobs.receiveMessage());
    }

    public AskedJob receive(String method, Duration within) {
        return requireCall(method, jobs.receiveMessage(within));
    }

    private static AskedJob requireCall(String method, GpuWorkerActor.Job<?> job) {
        AskedJob asked = AskedJob.of(job);
        assertThat(asked.method()).isEqualTo(method);
        return asked;
    }

    public void expectNoJob() {
        jobs.expectNoMessage();
    }

    public void expectNoJob(Duration within) {
        jobs.expectNoMessage(within);
    }
}
