package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.objective.GradientDistance;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory of a matching engine")
class MatchingEngineMemoryTest extends AbstractMatchingEngineTest {

    /** Steps after which the compiler has replaced code that allocates a vector for every operation. */
    private static final int WARM_UP = 3000;

    /** More than a step on 8 real and 4 decoded images of 8x8 pixels takes. */
    private static final long SMALL_STEP_BYTES = 1_000_000;

    @Test
    @DisplayName("stays the same off the heap after the first step")
    void steadyStateAllocatesNothing() {
        ImageShape shape = new ImageShape(1, 16, 16);
        try (MatchingEngine engine = MatchingEngine.open(
                settings(GradientDistance.MSE, 2, 2, "color_crop_cutout"), shape, normalisation(1))) {
            MatchTask match =
                    new MatchTask(NETWORK, 0, images(shape, 40), ImageBatch.of(shape, values(2 * shape.size())), DRAW);
            TrainMatchingNetworkTask train = new TrainMatchingNetworkTask(NETWORK, List.of(labelled(shape, 40)), DRAW);
            for (int warmUp = 0; warmUp < 3; warmUp++) {
                engine.match(match);
                engine.train(train);
            }
            long before = engine.allocatedElements();

            for (int step = 0; step < 20; step++) {
                engine.match(match);
                engine.train(train);
            }

            assertThat(engine.allocatedElements() - before).isZero();
        }
    }

    @Test
    @DisplayName("does not grow in 1,000 class steps, neither off the heap nor on it")
    void thousandStepsAllocateAlike() {
        ImageShape shape = new ImageShape(1, 8, 8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        DistillationSettings settings = settings(GradientDistance.MSE, 1, 2, "color_crop_cutout");
        try (MatchingEngine engine = MatchingEngine.open(settings, shape, normalisation(1))) {
            MatchTask task =
                    new MatchTask(NETWORK, 0, images(shape, 8), ImageBatch.of(shape, values(shape.size())), DRAW);
            runSteps(engine, task, WARM_UP);
            long offHeap = engine.allocatedElements();
            long start = threads.getTotalThreadAllocatedBytes();

            runSteps(engine, task, 500);
            long middle = threads.getTotalThreadAllocatedBytes();
            runSteps(engine, task, 500);
            long end = threads.getTotalThreadAllocatedBytes();

            assertThat(engine.allocatedElements() - offHeap).isZero();
            assertThat(end - middle).isLessThan((long) (1.1 * (middle - start)));
            assertThat((end - middle) / 500).isLessThan(SMALL_STEP_BYTES);
        }
    }

    private static void runSteps(MatchingEngine engine, MatchTask task, int steps) {
        for (int step = 0; step < steps; step++) {
            engine.match(task);
        }
    }
}
