package dev.reverie.actors.classes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.actors.Samples;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.MatchTask;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The update of the images of a class")
class ClassMemoryUpdateTest extends AbstractClassMemoryTest {

    /** Tolerance: the closed form rounds once, the optimiser at every step. */
    private static final float ROUNDING = 1e-5f;

    private static final int LOOPS = 4;

    private static float[] joined(List<ClassMemory> memories) {
        float[] all = new float[0];
        for (ClassMemory memory : memories) {
            float[] images = memory.snapshot().images().toArray();
            float[] longer = Arrays.copyOf(all, all.length + images.length);
            System.arraycopy(images, 0, longer, all.length, images.length);
            all = longer;
        }
        return all;
    }

    /** One step of stochastic gradient descent on the images of all classes; only those of one have a gradient. */
    private void stepAll(float[] images, float[] velocity, float[] gradient, int classIndex) {
        float momentum = (float) settings.matching().momentum();
        float rate = (float) settings.matching().learningRate();
        for (int i = 0; i < images.length; i++) {
            int own = i - classIndex * gradient.length;
            velocity[i] = momentum * velocity[i] + (own >= 0 && own < gradient.length ? gradient[own] : 0);
            images[i] -= rate * velocity[i];
        }
    }

    @Test
    @DisplayName("moves as if the images of all classes were one parameter of one optimiser with momentum")
    void momentumIsCoupled() {
        List<ClassMemory> memories = IntStream.range(0, CLASSES)
                .mapToObj(classIndex -> initialised(classIndex, settings))
                .toList();
        float[] images = joined(memories);
        float[] velocity = new float[images.length];
        SplittableRandom random = new SplittableRandom(3);

        for (int inner = 0; inner < LOOPS; inner++) {
            for (int classIndex = 0; classIndex < CLASSES; classIndex++) {
                ClassVisit visit = new ClassVisit(new LoopPosition(0, inner), classIndex, classIndex, CLASSES);
                float[] gradient = Samples.floats(images.length / CLASSES, random);
                memories.get(classIndex).prepare(visit);
                memories.get(classIndex).apply(visit, ImageBatch.of(Samples.SHAPE, gradient));
                stepAll(images, velocity, gradient, classIndex);
            }
        }

        assertThat(joined(memories)).containsExactly(images, within(ROUNDING));
    }

    @ParameterizedTest(name = "output {0}")
    @ValueSource(ints = {0, 1, 2})
    @DisplayName(
            "carries its momentum from loop to loop, whatever its output, if the images of all classes step jointly")
    void momentumOfAJointStep(int output) {
        ClassMemory memory =
                initialised(0, settings.withSchedule(settings.schedule().withJointStep(true)));
        float before = memory.snapshot().images().toArray()[0];
        float[] gradients = {1, 1, -2};

        for (int inner = 0; inner < gradients.length; inner++) {
            ClassVisit visit = new ClassVisit(new LoopPosition(0, inner), 0, output, CLASSES);
            memory.prepare(visit);
            float[] gradient = new float[32];
            Arrays.fill(gradient, gradients[inner]);
            memory.apply(visit, ImageBatch.of(Samples.SHAPE, gradient));
        }

        // then: momentum 0.5 gives the velocities 1, 1.5 and -1.25, whose sum is 1.25; the rate is 0.1
        assertThat(memory.snapshot().images().toArray()[0]).isCloseTo(before - 0.125f, within(ROUNDING));
        assertThat(memory.snapshot().velocity().toArray()[0]).isCloseTo(-1.25f, within(ROUNDING));
    }

    @Test
    @DisplayName("gives the worker images in [0, 1] in every loop, if they are clamped in every loop")
    void clampsEveryLoop() {
        ClassMemory memory =
                initialised(0, settings.withSchedule(settings.schedule().withClampEveryLoop(true)));
        ClassVisit visit = new ClassVisit(new LoopPosition(0, 0), 0, 0, 1);
        float[] strong = new float[32];
        Arrays.fill(strong, 0, 16, 100);
        Arrays.fill(strong, 16, 32, -100);
        memory.prepare(visit);
        memory.apply(visit, ImageBatch.of(Samples.SHAPE, strong));

        MatchTask next = memory.prepare(new ClassVisit(new LoopPosition(0, 1), 0, 0, 1));

        float[] images = next.synthetic().toArray();
        assertThat(Arrays.copyOfRange(images, 0, 16)).containsOnly(0);
        assertThat(Arrays.copyOfRange(images, 16, 32)).containsOnly(1);
    }

    @Test
    @DisplayName("gives the worker its state at the beginning of the visit")
    void coastsBeforeItsTurn() {
        ClassMemory early = initialised(0, settings);
        ClassMemory late = initialised(0, settings);
        ImageBatch gradient = ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3)));
        ClassVisit first = new ClassVisit(new LoopPosition(0, 0), 0, 0, CLASSES);
        for (ClassMemory memory : List.of(early, late)) {
            memory.prepare(first);
            memory.apply(first, gradient);
        }

        MatchTask atOnce = early.prepare(new ClassVisit(new LoopPosition(0, 1), 0, 0, CLASSES));
        MatchTask later = late.prepare(new ClassVisit(new LoopPosition(0, 1), 0, 2, CLASSES));

        assertThat(atOnce.synthetic().toArray())
                .containsExactly(early.snapshot().images().toArray());
        assertThat(later.synthetic().toArray()).isNotEqualTo(atOnce.synthetic().toArray());
        assertThat(later.seed()).isEqualTo(atOnce.seed());
    }

    @Test
    @DisplayName("stays in [0, 1] when it is clamped")
    void clamps() {
        ClassMemory memory = initialised(0, settings);
        ClassVisit visit = new ClassVisit(new LoopPosition(0, 0), 0, 0, 1);
        float[] strong = Samples.floats(32, new SplittableRandom(3));
        for (int i = 0; i < strong.length; i++) {
            strong[i] *= 100;
        }
        memory.prepare(visit);
        memory.apply(visit, ImageBatch.of(Samples.SHAPE, strong));
        assertThat(memory.snapshot().images().toArray()).matches(ClassMemoryUpdateTest::hasOutside, "some outside");

        memory.execute(new ClassActor.Clamp());

        assertThat(memory.snapshot().images().toArray()).matches(values -> !hasOutside(values), "none outside");
    }

    private static boolean hasOutside(float[] values) {
        for (float value : values) {
            if (value < 0 || value > 1) {
                return true;
            }
        }
        return false;
    }
}
