package dev.reverie.actors.classes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.actors.Samples;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.gpu.synthetic.KeptImages;
import dev.reverie.gpu.synthetic.MultiFormation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory of a class")
class ClassMemoryTest extends AbstractClassMemoryTest {

    private static ClassMemory moved(ClassMemory memory) {
        ClassVisit visit = new ClassVisit(new LoopPosition(0, 0), 0, 0, CLASSES);
        ImageBatch images = memory.prepare(visit).synthetic();
        float[] gradient = Samples.floats(images.count() * images.shape().size(), new SplittableRandom(3));
        memory.apply(visit, ImageBatch.of(images.shape(), gradient));
        return memory;
    }

    @Test
    @DisplayName("returns decoded synthetic images, or real ones while it has none")
    void showsItsMemory() {
        ClassMemory empty = new ClassMemory(0, Samples.images(2, 0), settings);
        ClassMemory memory = moved(initialised(0, settings));

        List<Image> shown = memory.decoded(List.of(0, 1));

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
    @DisplayName("returns no images while it has none")
    void hasNoImages() {
        ClassMemory empty = new ClassMemory(0, List.of(), settings);

        assertThat(empty.images(List.of(0, 5))).isEmpty();
        assertThat(empty.decoded(List.of(0, 5))).isEmpty();
    }

    @Test
    @DisplayName("accepts representatives chosen from a larger reservoir, before the actor restarted")
    void fewerImagesAfterARestart() {
        ClassMemory sevenImages = initialised(0, settings);

        sevenImages.setRepresentatives(List.of(9, 1), LoopPosition.START);

        assertThat(sevenImages.snapshot().representatives()).containsExactly(2, 1);
    }

    @Test
    @DisplayName("shrinks to its best images, which keep their momentum")
    void shrinks() {
        ClassMemory memory = moved(initialised(0, settings));
        ClassSnapshot before = memory.snapshot();

        memory.shrink(1);

        ClassSnapshot after = memory.snapshot();
        assertThat(memory.count()).isOne();
        int best = KeptImages.of(before.average(), settings.factor(), 1).getFirst();
        assertThat(after.images().toArray())
                .isEqualTo(before.images().pick(List.of(best)).toArray());
        assertThat(after.velocity().toArray())
                .isEqualTo(before.velocity().pick(List.of(best)).toArray());
        assertThat(after.average().toArray())
                .isEqualTo(before.average().pick(List.of(best)).toArray());
    }

    @Test
    @DisplayName("grows by new images without momentum and keeps the others")
    void grows() {
        ClassMemory memory = moved(initialised(0, settings));
        ClassSnapshot before = memory.snapshot();
        List<Integer> old = List.of(0, 1);

        memory.grow(3);

        ClassSnapshot after = memory.snapshot();
        assertThat(memory.count()).isEqualTo(3);
        assertThat(after.images().pick(old).toArray()).isEqualTo(before.images().toArray());
        assertThat(after.velocity().pick(old).toArray())
                .isEqualTo(before.velocity().toArray());
        assertThat(after.velocity().pick(List.of(2)).toArray()).containsOnly(0);
        assertThat(after.average().pick(List.of(2)).toArray())
                .isEqualTo(after.images().pick(List.of(2)).toArray());
    }

    @Test
    @DisplayName("draws random batches until representatives are chosen, and then one image of each of their strata")
    void drawsStratifiedBatches() {
        List<Image> real = Samples.images(12, 0);
        DistillationSettings idc = Samples.settings(Method.IDC);
        DistillationSettings stratified = idc.withComposition(idc.composition().with(SelectionRule.STRATIFIED));
        ClassMemory memory = new ClassMemory(0, real, stratified);
        memory.composeFrom(real.subList(0, 2));
        int count = stratified.representatives().count();
        List<Integer> ordered = List.of(11, 9, 7, 5, 3, 1, 0, 2, 4, 6, 8, 10);

        List<Image> before = realBatch(memory, 0);
        memory.setRepresentatives(ordered, LoopPosition.START);
        List<Image> after = realBatch(memory, 1);

        assertThat(before).hasSize(count).isSubsetOf(real);
        assertThat(after).hasSize(count);
        for (int stratum = 0; stratum < count; stratum++) {
            List<Image> members = ordered.subList(stratum * 12 / count, (stratum + 1) * 12 / count).stream()
                    .map(real::get)
                    .toList();
            assertThat(members).contains(after.get(stratum));
        }
        assertThat(realBatch(memory, 2)).isNotEqualTo(after);
    }

    @Test
    @DisplayName("draws as many images from strata as a step decodes, if these are more than the settings say")
    void largeBatches() {
        List<Image> real = Samples.images(12, 0);
        DistillationSettings dm = Samples.settings(Method.DM);
        DistillationSettings stratified = dm.withComposition(dm.composition().with(SelectionRule.STRATIFIED))
                .withMatching(dm.matching().withMaxDecoded(7));
        List<Integer> sizes = new ArrayList<>();

        for (int stored : List.of(2, 5, 10)) {
            ClassMemory memory = new ClassMemory(0, real, stratified);
            memory.composeFrom(real.subList(0, stored));
            memory.setRepresentatives(IntStream.range(0, 12).boxed().toList(), LoopPosition.START);
            sizes.add(realBatch(memory, 0).size());
        }

        assertThat(stratified.representatives().count()).isEqualTo(3);
        assertThat(sizes).containsExactly(3, 5, 7);
    }

    private static List<Image> realBatch(ClassMemory memory, int inner) {
        return memory.prepare(new ClassVisit(new LoopPosition(0, inner), 0, 0, 1))
                .real();
    }

    @Test
    @DisplayName("draws random batches without repeating an image before all full batches are drawn")
    void drawsRandomBatches() {
        ClassMemory memory = initialised(0, Samples.settings(Method.IDC));

        List<Image> epoch = new ArrayList<>();
        for (int inner = 0; inner < 2; inner++) {
            epoch.addAll(memory.prepare(new ClassVisit(new LoopPosition(0, inner), 0, 0, 1))
                    .real());
        }

        Set<Image> different = new HashSet<>(epoch);
        assertThat(different).hasSize(6);
        assertThat(memory.snapshot().batchesDrawn()).isEqualTo(2);
    }

    @Test
    @DisplayName("returns all its images as candidates, or a random sample in reservoir order")
    void showsCandidates() {
        ClassMemory memory = initialised(0, settings);

        assertThat(memory.candidates(7, 1).indices()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(memory.candidates(4, 1).indices()).hasSize(4).isSorted().doesNotHaveDuplicates();
        assertThat(memory.candidates(4, 1).indices())
                .isNotEqualTo(memory.candidates(4, 2).indices());
    }

    @Test
    @DisplayName("is the same after it was restored from a snapshot")
    void restoresSnapshots() {
        List<Image> reservoir = Samples.images(7, 0);
        ClassMemory memory = initialised(0, settings);
        ClassVisit visit = new ClassVisit(new LoopPosition(0, 0), 0, 1, CLASSES);
        memory.prepare(visit);
        memory.apply(visit, ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3))));

        ClassMemory restored = ClassMemory.restored(memory.snapshot(), reservoir, settings);

        assertThat(restored.snapshot()).usingRecursiveComparison().isEqualTo(memory.snapshot());
    }

    @Test
    @DisplayName("returns the root mean square change of a visit over all pixels")
    void tellsItsChange() {
        ClassMemory memory = initialised(0, settings);
        ClassVisit visit = new ClassVisit(new LoopPosition(0, 0), 0, 1, CLASSES);
        memory.prepare(visit);
        float[] before = memory.snapshot().average().toArray();

        double change = memory.apply(visit, ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3))));

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
        ClassMemory memory = new ClassMemory(0, Samples.images(7, 0), settings);

        assertThat(memory.setRepresentatives(List.of(0, 1, 1), LoopPosition.START))
                .isEmpty();
        assertThat(memory.setRepresentatives(List.of(0, 1, 2, 3), LoopPosition.START))
                .hasValue(0.5);
        assertThat(memory.setRepresentatives(List.of(3, 2), LoopPosition.START)).hasValue(0);
        assertThat(memory.setRepresentatives(List.of(4, 5, 6), LoopPosition.START))
                .hasValue(1);
    }

    @Test
    @DisplayName("counts no representatives as replaced by the first that are chosen, if those were not chosen either")
    void firstChosen() {
        ClassMemory memory = new ClassMemory(0, Samples.images(7, 0), settings);
        memory.execute(new ClassActor.SetRepresentativesIfNone(
                List.of(0, 1), TestInbox.<Done>create().getRef()));

        assertThat(memory.setRepresentatives(List.of(1, 2), LoopPosition.START)).isEmpty();
        assertThat(memory.setRepresentatives(List.of(2, 3), LoopPosition.START)).hasValue(0.5);
    }

    @Test
    @DisplayName("recognises a representative after its real images were read again")
    void recognisesRepresentatives() {
        ClassMemory memory = initialised(0, settings);

        memory.replaceReservoir(Samples.images(7, 0));
        memory.candidates(7, 1);

        assertThat(memory.setRepresentatives(List.of(1, 0, 4, 5), LoopPosition.START))
                .hasValue(0.5);
    }

    @Test
    @DisplayName("resolves representatives among the last candidates, although its real images have changed since then")
    void keepsCandidates() {
        List<Image> before = Samples.images(6, 0);
        ClassMemory memory = new ClassMemory(0, before, settings);
        memory.composeFrom(before.subList(0, 2));
        List<Integer> candidates = memory.candidates(6, 1).indices();

        memory.replaceReservoir(Samples.images(2, 1));
        TestInbox<ClassActor.Images> sample = TestInbox.create();
        memory.execute(new ClassActor.SampleImages(10, 0, sample.getRef()));
        memory.setRepresentatives(List.of(candidates.get(5), candidates.get(4)), LoopPosition.START);

        assertThat(sample.receiveMessage().images()).isEqualTo(memory.images(List.of(0, 1)));
        MatchTask task = memory.prepare(new ClassVisit(new LoopPosition(0, 0), 0, 0, CLASSES));
        assertThat(task.real()).containsExactly(before.get(5), before.get(4));
    }
}
