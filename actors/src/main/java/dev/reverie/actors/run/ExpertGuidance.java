package dev.reverie.actors.run;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.method.GuidanceSettings;
import dev.reverie.gpu.method.Seeds;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.apache.pekko.Done;

/**
 * The guidance of a run by its experts: before each loop, one of the experts trained so far and two stages of its
 * training are drawn. A loop depends only on the seed and its position, so a resumed run draws the same stages. Belongs
 * to the coordinator.
 */
record ExpertGuidance(long seed, GuidanceSettings guidance, ExpertTrajectories experts, RunActors actors) {

    /**
     * An expert at two stages.
     *
     * @param matched number of epochs after which its features are matched
     * @param later number of epochs after which it calibrates the images, at least {@code matched}
     */
    record Stages(int expert, int matched, int later) {

        /**
         * Draws an expert and its stages. The first stage is drawn from all stages, the later one from the first and
         * those of the next {@code ahead} epochs; each choice is equally probable.
         *
         * @param experts number of experts trained so far
         */
        static Stages draw(GuidanceSettings guidance, int experts, RandomGenerator random) {
            int expert = random.nextInt(experts);
            int matched = random.nextInt(guidance.epochs() + 1);
            int last = Math.min(matched + guidance.ahead(), guidance.epochs());
            return new Stages(expert, matched, random.nextInt(matched, last + 1));
        }
    }

    /**
     * Gives the worker the expert of a loop.
     *
     * @param network the matching network of the loop, which has as many outputs as the expert
     */
    CompletionStage<WorkerReply.Result<Done>> guide(LoopPosition position, NetworkId network) {
        Stages stages = Stages.draw(
                guidance,
                position.outer() + 1,
                Seeds.generator(Seeds.of(seed, Seeds.Purpose.STAGE, position.outer(), position.inner())));
        return CompletableFuture.supplyAsync(
                        () -> new GuidanceTask(
                                new NetworkId(stages.expert(), network.classes()),
                                experts.epoch(stages.expert(), stages.matched()),
                                experts.epoch(stages.expert(), stages.later())),
                        actors.blocking())
                .thenCompose(actors.worker()::guide);
    }
}
