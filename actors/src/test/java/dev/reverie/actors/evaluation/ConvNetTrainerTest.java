package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The training of an evaluation network")
class ConvNetTrainerTest {

    private static final ImageShape SHAPE = new ImageShape(1, 16, 16);

    @Test
    @DisplayName("makes at least ten passes over a large memory, and begins with the same weights every time")
    void trains() {
        DistilledSet memory =
                DistilledSet.of(samples(130, 1), new Normalisation(List.of(0.5), List.of(0.25)), List.of("cat", "dog"));
        List<LabelledImage> test = samples(20, 2);
        ConvNetTrainer trainer = new ConvNetTrainer(4, 1, 7);
        List<Double> losses = new ArrayList<>();
        List<Double> lossesAgain = new ArrayList<>();

        EvaluationReport report = trainer.trainAndTest(memory, test, (_, _, _, loss) -> losses.add(loss));
        EvaluationReport again = trainer.trainAndTest(memory, test, (_, _, _, loss) -> lossesAgain.add(loss));

        assertThat(losses).hasSize(10);
        assertThat(lossesAgain).isEqualTo(losses);
        assertThat(again).isEqualTo(report);
    }

    @Test
    @DisplayName("takes fewer steps on larger images, but at least a hundred")
    void largeImages() {
        DistilledSet memory = DistilledSet.of(
                samples(new ImageShape(1, 112, 112), 2, 1),
                new Normalisation(List.of(0.5), List.of(0.25)),
                List.of("cat", "dog"));
        List<Double> losses = new ArrayList<>();

        new ConvNetTrainer(1, 150, 7)
                .trainAndTest(memory, samples(new ImageShape(1, 112, 112), 2, 2), (_, _, _, loss) -> losses.add(loss));

        assertThat(losses).hasSize(100);
    }

    private static List<LabelledImage> samples(int count, long seed) {
        return samples(SHAPE, count, seed);
    }

    private static List<LabelledImage> samples(ImageShape shape, int count, long seed) {
        List<Image> images = Samples.images(shape, count, seed);
        return IntStream.range(0, count)
                .mapToObj(index -> new LabelledImage(images.get(index), index % 2))
                .toList();
    }
}
