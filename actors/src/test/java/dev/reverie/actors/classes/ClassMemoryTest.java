package dev.reverie.actors.classes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.actors.Samples;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.formation.MultiFormation;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory of a class")
class ClassMemoryTest {

    /** Tolerance: the closed form rounds once, the optimiser at every step. */
    private static final float ROUNDING = 1e-5f;

    private static final int CLASSES = 3;
    private static final int LOOPS = 4;

    private final DistillationSettings settings = Samples.settings(Method.DREAM);

    @Test
    @DisplayName("moves as if the images of all classes were one parameter of one optimiser with momentum")
    void momentumIsCoupled() {
        // given
        List<ClassMemory> memories = IntStream.range(0, CLASSES)
                .mapToObj(label -> initialised(label, settings))
                .toList();
        float[] images = joined(memories);
        float[] velocity = new float[images.length];
        SplittableRandom random = new SplittableRandom(3);

        // when
        for (int inner = 0; inner < LOOPS; inner++) {
            for (int label = 0; label < CLASSES; label++) {
                ClassVisit visit = new ClassVisit(new LoopPosition(0, inner), label, label, CLASSES);
                float[] gradient = Samples.floats(images.length / CLASSES, random);
                memories.get(label).prepare(visit);
                memories.get(label).apply(visit, ImageBatch.of(Samples.SHAPE, gradient));
                stepAll(images, velocity, gradient, label);
            }
        }

        // then
        assertThat(joined(memories)).containsExactly(images, within(ROUNDING));
    }

    @Test
    @DisplayName("carries its momentum from loop to loop, whatever its turn, if the images of all classes step jointly")
    void momentumOfAJointStep() {
        // given
        ClassMemory memory =
                initialised(0, settings.withSchedule(settings.schedule().withJointStep(true)));
        float before = memory.snapshot().images().toArray()[0];
        float[] gradients = {1, 1, -2};

        // when
        for (int inner = 0; inner < gradients.length; inner++) {
            ClassVisit visit = new ClassVisit(new LoopPosition(0, inner), 0, 1, CLASSES);
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
        // given
        ClassMemory memory =
                initialised(0, settings.withSchedule(settings.schedule().withClampEveryLoop(true)));
        ClassVisit visit = new ClassVisit(new LoopPosition(0, 0), 0, 0, 1);
        float[] strong = new float[32];
        Arrays.fill(strong, 0, 16, 100);
        Arrays.fill(strong, 16, 32, -100);
        memory.prepare(visit);
        memory.apply(visit, ImageBatch.of(Samples.SHAPE, strong));

        // when
        MatchTask next = memory.prepare(new ClassVisit(new LoopPosition(0, 1), 0, 0, 1));

        // then
        float[] images = next.synthetic().toArray();
        assertThat(Arrays.copyOfRange(images, 0, 16)).containsOnly(0);
        assertThat(Arrays.copyOfRange(images, 16, 32)).containsOnly(1);
    }

    @Test
    @DisplayName("returns decoded synthetic images, or real ones while it has none")
    void showsItsMemory() {
        // given
        ClassMemory empty = new ClassMemory(0, Samples.images(2, 0), settings);
        ClassMemory memory = moved(initialised(0, settings));

        // when
        List<Image> shown = memory.decoded(List.of(0, 1));

        // then
        assertThat(empty.decoded(List.of(1))).isEqualTo(empty.images(List.of(1)));
        ImageBatch decoded = MultiFormation.of(settings.factor(), Samples.SHAPE)
                .decode(memory.snapshot().average());
        assertThat(shown).hasSize(2);
        assertThat((double) shown.get(1).level(3))
                .isCloseTo(255 * Math.clamp(decoded.values(1)[3], 0, 1), within(0.5001));
        assertThat(memory.decoded(List.of(decoded.count() + 1)).getFirst().level(3))
                .isEqualTo(shown.get(1).level(3));
    }

    @Test
    @DisplayName("shrinks to its best images, which keep their momentum")
    void shrinks() {
        // given
        ClassMemory memory = moved(initialised(0, settings));
        ClassSnapshot before = memory.snapshot();

        // when
        memory.shrink(1);

        // then
        ClassSnapshot after = memory.snapshot();
        assertThat(memory.count()).isOne();
        int best = IntStream.range(0, before.images().count())
                .filter(i -> Arrays.equals(
                        before.images().pick(List.of(i)).toArray(),
                        after.images().toArray()))
                .findFirst()
                .orElseThrow();
        assertThat(after.velocity().toArray())
                .isEqualTo(before.velocity().pick(List.of(best)).toArray());
        assertThat(after.average().toArray())
                .isEqualTo(before.average().pick(List.of(best)).toArray());
    }

    @Test
    @DisplayName("grows by new images without momentum and keeps the others")
    void grows() {
        // given
        ClassMemory memory = moved(initialised(0, settings));
        ClassSnapshot before = memory.snapshot();
        List<Integer> old = List.of(0, 1);

        // when
        memory.grow(3);

        // then
        ClassSnapshot after = memory.snapshot();
        assertThat(memory.count()).isEqualTo(3);
        assertThat(after.images().pick(old).toArray()).isEqualTo(before.images().toArray());
        assertThat(after.velocity().pick(old).toArray())
                .isEqualTo(before.velocity().toArray());
        assertThat(after.velocity().pick(List.of(2)).toArray()).containsOnly(0);
        assertThat(after.average().pick(List.of(2)).toArray())
                .isEqualTo(after.images().pick(List.of(2)).toArray());
    }

    private static ClassMemory moved(ClassMemory memory) {
        ClassVisit visit = new ClassVisit(new LoopPosition(0, 0), 0, 0, CLASSES);
        ImageBatch images = memory.prepare(visit).synthetic();
        float[] gradient = Samples.floats(images.count() * images.shape().size(), new SplittableRandom(3));
        memory.apply(visit, ImageBatch.of(images.shape(), gradient));
        return memory;
    }

    @Test
    @DisplayName("gives the worker its state at the beginning of the visit")
    void coastsBeforeItsTurn() {
        // given
        ClassMemory early = initialised(0, settings);
        ClassMemory late = initialised(0, settings);
        ImageBatch gradient = ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3)));
        ClassVisit first = new ClassVisit(new LoopPosition(0, 0), 0, 0, CLASSES);
        for (ClassMemory memory : List.of(early, late)) {
            memory.prepare(first);
            memory.apply(first, gradient);
        }

        // when
        MatchTask atOnce = early.prepare(new ClassVisit(new LoopPosition(0, 1), 0, 0, CLASSES));
        MatchTask later = late.prepare(new ClassVisit(new LoopPosition(0, 1), 0, 2, CLASSES));

        // then
        assertThat(atOnce.synthetic().toArray())
                .containsExactly(early.snapshot().images().toArray());
        assertThat(later.synthetic().toArray()).isNotEqualTo(atOnce.synthetic().toArray());
        assertThat(later.seed()).isEqualTo(atOnce.seed());
    }

    @Test
    @DisplayName("draws random batches without repeating an image before all full batches are drawn")
    void drawsRandomBatches() {
        // given
        ClassMemory memory = initialised(0, Samples.settings(Method.IDC));

        // when
        List<Image> epoch = new ArrayList<>();
        for (int inner = 0; inner < 2; inner++) {
            epoch.addAll(memory.prepare(new ClassVisit(new LoopPosition(0, inner), 0, 0, 1))
                    .real());
        }

        // then
        Set<Image> different = new HashSet<>(epoch);
        assertThat(different).hasSize(6);
        assertThat(memory.snapshot().batchesDrawn()).isEqualTo(2);
    }

    @Test
    @DisplayName("returns all its images as candidates, or a random sample in reservoir order")
    void showsCandidates() {
        // given
        ClassMemory memory = initialised(0, settings);

        // then
        assertThat(memory.candidates(7, 1).indices()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(memory.candidates(4, 1).indices()).hasSize(4).isSorted().doesNotHaveDuplicates();
        assertThat(memory.candidates(4, 1).indices())
                .isNotEqualTo(memory.candidates(4, 2).indices());
    }

    @Test
    @DisplayName("is the same after it was restored from a snapshot")
    void restoresSnapshots() {
        // given
        List<Image> reservoir = Samples.images(7, 0);
        ClassMemory memory = initialised(0, settings);
        ClassVisit visit = new ClassVisit(new LoopPosition(0, 0), 0, 1, CLASSES);
        memory.prepare(visit);
        memory.apply(visit, ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3))));

        // when
        ClassMemory restored = ClassMemory.restored(memory.snapshot(), reservoir, settings);

        // then
        assertThat(restored.snapshot()).usingRecursiveComparison().isEqualTo(memory.snapshot());
    }

    @Test
    @DisplayName("returns the root mean square change of a visit over all pixels")
    void tellsItsChange() {
        // given
        ClassMemory memory = initialised(0, settings);
        ClassVisit visit = new ClassVisit(new LoopPosition(0, 0), 0, 1, CLASSES);
        memory.prepare(visit);
        float[] before = memory.snapshot().average().toArray();

        // when
        double change = memory.apply(visit, ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3))));

        // then
        float[] after = memory.snapshot().average().toArray();
        double meanSquare = IntStream.range(0, 32)
                .mapToDouble(i -> Math.pow(after[i] - before[i], 2))
                .average()
                .orElseThrow();
        assertThat(change).isPositive().isCloseTo(Math.sqrt(meanSquare), within(1e-7));
    }

    @Test
    @DisplayName("returns the share of representatives that are new, compared by pixels")
    void tellsMigration() {
        // given
        ClassMemory memory = new ClassMemory(0, Samples.images(7, 0), settings);

        // then
        assertThat(memory.setRepresentatives(List.of(0, 1, 1), LoopPosition.START))
                .isEmpty();
        assertThat(memory.setRepresentatives(List.of(0, 1, 2, 3), LoopPosition.START))
                .hasValue(0.5);
        assertThat(memory.setRepresentatives(List.of(3, 2), LoopPosition.START)).hasValue(0);
        assertThat(memory.setRepresentatives(List.of(4, 5, 6), LoopPosition.START))
                .hasValue(1);
    }

    @Test
    @DisplayName("recognises a representative after its real images were read again")
    void recognisesRepresentatives() {
        // given
        ClassMemory memory = initialised(0, settings);

        // when
        memory.replaceReservoir(Samples.images(7, 0));
        memory.candidates(7, 1);

        // then
        assertThat(memory.setRepresentatives(List.of(1, 0, 4, 5), LoopPosition.START))
                .hasValue(0.5);
    }

    @Test
    @DisplayName("stays in [0, 1] when it is clamped")
    void clamps() {
        // given
        ClassMemory memory = initialised(0, settings);
        ClassVisit visit = new ClassVisit(new LoopPosition(0, 0), 0, 0, 1);
        float[] strong = Samples.floats(32, new SplittableRandom(3));
        for (int i = 0; i < strong.length; i++) {
            strong[i] *= 100;
        }
        memory.prepare(visit);
        memory.apply(visit, ImageBatch.of(Samples.SHAPE, strong));

        // when
        memory.clamp();

        // then
        for (float value : memory.snapshot().images().toArray()) {
            assertThat(value).isBetween(0f, 1f);
        }
    }

    private static ClassMemory initialised(int label, DistillationSettings settings) {
        List<Image> images = Samples.images(7, label);
        ClassMemory memory = new ClassMemory(label, images, settings);
        memory.initialise(List.of(images.get(2), images.get(5)));
        memory.setRepresentatives(List.of(0, 1, 1), LoopPosition.START);
        return memory;
    }

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
    private void stepAll(float[] images, float[] velocity, float[] gradient, int label) {
        float momentum = (float) settings.matching().momentum();
        float rate = (float) settings.matching().learningRate();
        for (int i = 0; i < images.length; i++) {
            int own = i - label * gradient.length;
            velocity[i] = momentum * velocity[i] + (own >= 0 && own < gradient.length ? gradient[own] : 0);
            images[i] -= rate * velocity[i];
        }
    }
}
