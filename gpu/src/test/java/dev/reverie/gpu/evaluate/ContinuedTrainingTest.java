package dev.reverie.gpu.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContinuedTrainingTest {

    private static final ImageShape SHAPE = new ImageShape(1, 16, 16);

    private final SplittableRandom random = new SplittableRandom(4);

    @ParameterizedTest
    @EnumSource(
            value = EvaluationNetwork.class,
            names = {"CONVNET", "CONVNET_BN"})
    @DisplayName("a network that continues training learns a new class and still recognises the first ones, repeatably")
    void carriedOn(EvaluationNetwork network) {
        List<EvaluationTask> tasks = List.of(task(network, 2, 12), task(network, 3, 12));
        List<String> heard = new ArrayList<>();
        try (Evaluator evaluator = Evaluator.open()) {
            List<EvaluationReport> reports = evaluator.evaluateInTurn(
                    tasks, turn -> (repeat, epoch, epochs, loss) -> heard.add(turn + "/" + repeat + "/" + epoch));

            assertThat(reports).hasSize(2).allSatisfy(report -> {
                assertThat(report.last()).hasSize(2).allSatisfy(each -> assertThat(each)
                        .isGreaterThan(0.9));
                assertThat(report.best()).isEqualTo(report.last());
            });
            assertThat(reports.get(1).byClass().getFirst()).hasSize(3);
            assertThat(heard)
                    .hasSize(2 * 2 * 12)
                    .startsWith("0/0/1")
                    .contains("0/1/12")
                    .endsWith("1/1/12");
            assertThat(evaluator.evaluateInTurn(tasks, turn -> EvaluationProgress.silent()))
                    .isEqualTo(reports);
        }
    }

    @Test
    @DisplayName("the earlier network outweighs contradicting labels when training continues")
    void remembers() {
        EvaluationTask first = task(EvaluationNetwork.CONVNET, 2, 12);
        TrainingImages contradicted = relabelled(2, index -> 1 - index % 2);
        EvaluationTask second = new EvaluationTask(contradicted, test(2), first.settings());
        try (Evaluator evaluator = Evaluator.open()) {
            List<EvaluationReport> carried =
                    evaluator.evaluateInTurn(List.of(first, second), turn -> EvaluationProgress.silent());
            EvaluationReport fresh =
                    evaluator.evaluate(contradicted, test(2), first.settings(), EvaluationProgress.silent());

            assertThat(fresh.mean()).isLessThan(0.1);
            assertThat(carried.get(1).mean()).isGreaterThan(0.9);
        }
    }

    @Test
    @DisplayName("a network that learns a new class in one task still recognises the classes that the task replays")
    void replays() {
        EvaluationTask first = task(EvaluationNetwork.CONVNET, 2, 12);
        TrainingImages arriving = images(3, List.of(2), index -> 2);
        TrainingImages replayed = images(3, List.of(0, 1), index -> index % 2);
        EvaluationTask second = new EvaluationTask(arriving, Optional.of(replayed), test(3), first.settings());
        try (Evaluator evaluator = Evaluator.open()) {
            EvaluationReport report = evaluator
                    .evaluateInTurn(List.of(first, second), turn -> EvaluationProgress.silent())
                    .get(1);

            assertThat(report.byClass()).allSatisfy(classes -> assertThat(classes)
                    .allSatisfy(each -> assertThat(each).isGreaterThan(0.9)));
        }
    }

    @Test
    @DisplayName("replayed images replace the teacher, and the epoch has as many steps as without them")
    void replayedInsteadOfATeacher() {
        EvaluationTask first = task(EvaluationNetwork.CONVNET, 2, 12);
        TrainingImages contradicted = relabelled(2, index -> 1 - index % 2);
        EvaluationTask second = new EvaluationTask(contradicted, Optional.of(contradicted), test(2), first.settings());
        AtomicInteger steps = new AtomicInteger();
        try (Evaluator evaluator = Evaluator.open()) {
            List<EvaluationReport> reports = evaluator.evaluateInTurn(
                    List.of(first, second), turn -> turn == 0 ? EvaluationProgress.silent() : counting(steps));

            assertThat(reports.get(1).mean()).isLessThan(0.1);
            assertThat(steps).hasValue(2 * 12 * 48 / 16);
        }
    }

    private static EvaluationProgress counting(AtomicInteger steps) {
        return new EvaluationProgress() {
            @Override
            public void epoch(int repeat, int epoch, int epochs, double loss) {}

            @Override
            public void step() {
                steps.incrementAndGet();
            }
        };
    }

    private EvaluationTask task(EvaluationNetwork network, int classes, int epochs) {
        EvaluationSettings settings = EvaluationSettingsBuilder.builder()
                .recipe(TrainingRecipe.sgd(epochs, 16, 0.02, "crop", 0.5))
                .network(network)
                .width(8)
                .depth(2)
                .repeats(2)
                .seed(1)
                .build();
        return new EvaluationTask(relabelled(classes, index -> index % classes), test(classes), settings);
    }

    /** Images of stripes in the order of their classes, with the given labels. */
    private TrainingImages relabelled(int classes, IntUnaryOperator label) {
        return images(classes, IntStream.range(0, classes).boxed().toList(), label);
    }

    /** Images of the stripes of the classes {@code shown} in turn, with the given labels. */
    private TrainingImages images(int classes, List<Integer> shown, IntUnaryOperator label) {
        List<LabelledImage> images = IntStream.range(0, 48)
                .mapToObj(index -> new LabelledImage(
                        striped(shown.get(index % shown.size())).image(), label.applyAsInt(index)))
                .toList();
        TrainingImages like = new TrainingImages(
                SHAPE,
                classes,
                new Normalisation(List.of(0.4), List.of(0.3)),
                0,
                index -> new double[0],
                index -> new double[0]);
        return TrainingImages.of(images, like);
    }

    private List<LabelledImage> test(int classes) {
        return IntStream.range(0, 60)
                .mapToObj(index -> striped(index % classes))
                .toList();
    }

    private LabelledImage striped(int label) {
        byte[] pixels = new byte[SHAPE.size()];
        for (int at = 0; at < pixels.length; at++) {
            int column = at % SHAPE.width();
            int row = at / SHAPE.width();
            int along = label == 0 ? column : label == 1 ? row : column + row;
            pixels[at] = (byte) (random.nextInt(100) + (along % 4 < 2 ? 150 : 0));
        }
        return new LabelledImage(Image.of(SHAPE, pixels), label);
    }
}
