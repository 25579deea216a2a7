package dev.reverie.actors.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.classes.ClassMemory;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.EpochSampler.Cursor;
import dev.reverie.actors.worker.PlayedWorker;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.method.Method;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The training of the matching network")
class NetworkTrainerTest {

    private static final int CLASSES = 300;
    private static final int PER_CLASS = 3;
    private static final int SAMPLES = 8;
    private static final int BATCH = 4;
    private static final NetworkId NETWORK = new NetworkId(0, CLASSES);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit = ActorTestKit.create();

    private final PlayedWorker worker = new PlayedWorker(testKit);
    private final TestProbe<ClassActor.Command> asked = testKit.createTestProbe();
    private final List<ClassClient> classes =
            IntStream.range(0, CLASSES).mapToObj(this::classRef).toList();

    @Test
    @DisplayName("asks only the classes whose images are sampled, however many classes exist")
    void asksNoOtherClasses() {
        trainer().train(NETWORK, SAMPLES, 0, 1);
        worker.receive("train");

        int images = 0;
        while (images < SAMPLES) {
            images += asked.expectMessageClass(ClassActor.ReadImages.class)
                    .indices()
                    .size();
        }
        assertThat(images).isEqualTo(SAMPLES);
        asked.expectNoMessage(Duration.ZERO);
    }

    @Test
    @DisplayName("uses the same images whether they were gathered ahead or not")
    void readsAheadTheSame() {
        NetworkTrainer ahead = trainer();
        NetworkTrainer other = trainer();

        ahead.readAhead(SAMPLES);
        List<LabelledImage> first = imagesOf(ahead);
        List<LabelledImage> second = imagesOf(ahead);

        assertThat(imagesOf(other)).isEqualTo(first).hasSize(SAMPLES);
        assertThat(imagesOf(other)).isEqualTo(second).isNotEqualTo(first);
    }

    @Test
    @DisplayName("uses full batches, even if these have more images than are wanted, and the given learning rate")
    void fullBatches() {
        trainer().train(NETWORK, SAMPLES - 2, 0, 0.2);

        TrainMatchingNetworkTask task = worker.receive("train").task(TrainMatchingNetworkTask.class);
        assertThat(task.batches()).hasSize(SAMPLES / BATCH).allSatisfy(batch -> assertThat(batch)
                .hasSize(BATCH));
        assertThat(task.rateShare()).isEqualTo(0.2);
    }

    @Test
    @DisplayName("leaves out a class without images")
    void leavesOutAnEmptyClass() {
        ClassMemory nothing = new ClassMemory(1, List.of(), Samples.settings(Method.DREAM));
        ClassClient empty = new ClassClient(1, "empty", PER_CLASS, testKit.spawn(ClassActor.create(nothing)));

        List<LabelledImage> images = imagesOf(trainer(List.of(classes.getFirst(), empty)));

        assertThat(images)
                .hasSizeBetween(PER_CLASS, SAMPLES - PER_CLASS)
                .extracting(LabelledImage::label)
                .containsOnly(0);
    }

    @Test
    @DisplayName("fails if no class has images")
    void failsWithoutImages() {
        ClassMemory nothing = new ClassMemory(0, List.of(), Samples.settings(Method.DREAM));
        ClassClient empty = new ClassClient(0, "empty", PER_CLASS, testKit.spawn(ClassActor.create(nothing)));

        assertThat(trainer(List.of(empty)).train(NETWORK, SAMPLES, 0, 1))
                .succeedsWithin(Duration.ofSeconds(10))
                .isEqualTo(new WorkerReply.Failed<>("no sampled class has images"));
        worker.expectNoJob(Duration.ZERO);
    }

    private List<LabelledImage> imagesOf(NetworkTrainer trainer) {
        trainer.train(NETWORK, SAMPLES, 0, 1);
        return worker.receive("train").task(TrainMatchingNetworkTask.class).batches().stream()
                .flatMap(List::stream)
                .toList();
    }

    private NetworkTrainer trainer() {
        return trainer(classes);
    }

    private NetworkTrainer trainer(List<ClassClient> trained) {
        return new NetworkTrainer(
                worker.pool(1),
                testKit.scheduler(),
                BATCH,
                new EpochSampler(7, trained.stream().map(ClassClient::size).toList(), Cursor.START),
                trained.stream().collect(Collectors.toMap(ClassClient::classIndex, Function.identity())),
                ClassActor.ReadImages::new);
    }

    private ClassClient classRef(int classIndex) {
        List<Image> images = Samples.images(PER_CLASS, classIndex);
        ClassMemory memory = new ClassMemory(classIndex, images, Samples.settings(Method.DREAM));
        return new ClassClient(
                classIndex,
                "class " + classIndex,
                PER_CLASS,
                testKit.spawn(Behaviors.monitor(ClassActor.Command.class, asked.ref(), ClassActor.create(memory))));
    }
}
