package dev.reverie.lab.continual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.evaluate.EvaluationNetwork;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The reservoir of experience replay")
class ReservoirMemoryBuilderTest {

    private static final ImageShape PIXEL = new ImageShape(1, 1, 1);
    private static final int CLASSES = 4;
    private static final int PER_CLASS = 1000;
    private static final int IPC = 100;

    /** Five standard deviations of the number of images of a class in a uniform sample. */
    private static final int CHANCE = 45;

    @Test
    @DisplayName("is full from the first step on, and holds a uniform sample of all images so far")
    void uniform() {
        List<DistilledSet> memories = memories(1);

        assertThat(memories).extracting(memory -> memory.labels().size()).containsOnly(CLASSES * IPC);
        assertThat(memories.getFirst().classes().names()).containsExactly("0", "1");
        assertThat(memories.getLast().classes().names()).containsExactly("0", "1", "2", "3");
        for (int label = 0; label < CLASSES; label++) {
            assertThat(Collections.frequency(memories.getLast().labels(), label))
                    .isBetween(IPC - CHANCE, IPC + CHANCE);
        }
        List<Image> images = memories.getLast().images().toImages();
        assertThat(IntStream.range(0, images.size()))
                .allSatisfy(i -> assertThat(images.get(i).level(0))
                        .isEqualTo(memories.getLast().labels().get(i)));
    }

    @Test
    @DisplayName("is the same for the same seed, and another one for another seed")
    void seeded() {
        assertThat(counts(memories(1))).isEqualTo(counts(memories(1))).isNotEqualTo(counts(memories(2)));
    }

    private static List<Integer> counts(List<DistilledSet> memories) {
        return memories.getLast().labels();
    }

    private static List<DistilledSet> memories(long seed) {
        List<LabelledImage> train = IntStream.range(0, CLASSES * PER_CLASS)
                .mapToObj(i -> new LabelledImage(Image.of(PIXEL, new byte[] {(byte) (i % CLASSES)}), i % CLASSES))
                .toList();
        Dataset dataset = new Dataset(
                "tiny",
                PIXEL,
                List.of("0", "1", "2", "3"),
                new Normalisation(List.of(0.5), List.of(0.5)),
                train,
                List.of());
        ContinualPlan plan = new ContinualPlan(
                Protocol.REPLAY,
                dataset,
                2,
                new MemorySize(IPC, Optional.empty(), Coding.LOSSLESS, List.of()),
                List.of(MemoryMethod.ER_RESERVOIR),
                List.of(seed),
                Duration.ZERO,
                new ContinualPlan.Students(
                        "convnet-1", EvaluationNetwork.CONVNET, 1, 1, 1, Optional.empty(), Optional.empty()));
        return new ReservoirMemoryBuilder(plan)
                .build(seed).stream().map(StoredMemory::set).toList();
    }
}
