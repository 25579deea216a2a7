package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.schedule.Position;
import dev.reverie.actors.schedule.Visit;
import dev.reverie.actors.store.Store;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The intake, on a store in a file")
class IntakeTest {

    private static final IntakeLimits LIMITS = new IntakeLimits(4, 50, 1 << 20, 1 << 20, 1000, 10_000, 64 << 10);

    private Path folder;
    private RunningIntake intake;

    @BeforeEach
    void open(@TempDir Path temporary) {
        folder = temporary;
        intake = reopened();
    }

    @AfterEach
    void close() {
        intake.close();
    }

    /** What every message between actors goes through in a variant of this test. */
    Config configuration() {
        return ConfigFactory.empty();
    }

    /** The same one every time in a test. */
    Store openStore() {
        return Store.inFolder(folder);
    }

    private RunningIntake reopened() {
        return RunningIntake.on(openStore(), LIMITS, configuration());
    }

    private void restart() {
        intake.close();
        intake = reopened();
    }

    @Test
    @DisplayName("accepts what is new, recognises it when it comes again, also after a restart")
    void recognisesRepetitions() {
        // given
        List<Sample> cats = samples("cat", 20, 1);
        List<Sample> both = new ArrayList<>(samples("dog", 5, 2));
        both.addAll(cats.subList(0, 10));

        // when
        Admission first = intake.admit(cats);
        Admission second = intake.admit(both);
        restart();
        Admission again = intake.admit(cats);

        // then
        assertThat(first).isEqualTo(new Admission.Accepted(20, 0));
        assertThat(second).isEqualTo(new Admission.Accepted(5, 10));
        assertThat(again).isEqualTo(new Admission.Accepted(0, 20));
        assertThat(intake.look().classes())
                .extracting(ClassHandle::name, ClassHandle::label, ClassHandle::seen)
                .containsExactly(tuple("cat", 0, 20L), tuple("dog", 1, 5L));
    }

    @Test
    @DisplayName("recognises samples without an id by label and pixels")
    void recognisesContent() {
        // given
        Image image = Samples.images(1, 3).getFirst();
        Sample anonymous = new Sample("cat", Optional.empty(), image);
        Sample copy = new Sample("cat", Optional.empty(), Samples.images(1, 3).getFirst());
        Sample elsewhere = new Sample("dog", Optional.empty(), image);

        // then
        assertThat(intake.admit(List.of(anonymous, copy, elsewhere))).isEqualTo(new Admission.Accepted(2, 1));
    }

    @Test
    @DisplayName("acknowledges a repetition of what is still in flight with the original, not before")
    void repetitionsInFlight() {
        // given
        List<Sample> cats = samples("cat", 20, 1);

        // when
        List<CompletionStage<Admission>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(intake.deliver(cats));
        }

        // then
        assertThat(join(answers.getFirst())).isEqualTo(new Admission.Accepted(20, 0));
        assertThat(answers.subList(1, 5))
                .allSatisfy(answer -> assertThat(join(answer)).isEqualTo(new Admission.Accepted(0, 20)));
        assertThat(intake.view("cat").seen()).isEqualTo(20);
    }

    @Test
    @DisplayName("refuses a delivery with one image of another shape, and takes nothing of it")
    void refusesOtherShapes() {
        // given
        intake.admit(samples("cat", 1, 1));
        List<Sample> mixed = new ArrayList<>(samples("dog", 3, 2));
        mixed.add(sample("dog", "large", Image.of(new ImageShape(1, 5, 5), new byte[25])));

        // then
        assertThat(intake.admit(mixed))
                .isEqualTo(new Admission.Refused(
                        Admission.Reason.SHAPE_MISMATCH,
                        "this service takes 1x4x4 images, got one of 1x5x5: send images of that shape, or forget"
                                + " all classes first"));
        assertThat(intake.look().classes()).hasSize(1);
    }

    @Test
    @DisplayName("keeps to the shape of its first image after a restart")
    void remembersTheShape() {
        // given
        intake.admit(samples("cat", 1, 1));

        // when
        restart();

        // then
        Sample other = sample("cat", "x", Image.of(new ImageShape(3, 4, 4), new byte[48]));
        assertThat(intake.admit(List.of(other))).isInstanceOf(Admission.Refused.class);
    }

    @Test
    @DisplayName("takes images of another shape when every class was forgotten, also after a restart")
    void freesTheShape() {
        // given
        intake.admit(samples("cat", 1, 1));
        intake.<Intake.Forgotten>ask(replyTo -> new Intake.Forget("cat", replyTo));
        List<Sample> larger = List.of(sample("dog", "large", Image.of(new ImageShape(3, 5, 5), new byte[75])));

        // then
        assertThat(intake.admit(larger)).isEqualTo(new Admission.Accepted(1, 0));
        assertThat(intake.admit(samples("cat", 1, 1))).isInstanceOf(Admission.Refused.class);

        // when
        restart();

        // then
        assertThat(intake.admit(larger)).isEqualTo(new Admission.Accepted(0, 1));
        assertThat(intake.view("dog").seen()).isEqualTo(1);
        assertThat(intake.admit(samples("cat", 1, 1))).isInstanceOf(Admission.Refused.class);
    }

    @Test
    @DisplayName("refuses an id that is known with another image or label, and takes nothing of the delivery")
    void refusesConflicts() {
        // given
        List<Image> images = Samples.images(4, 7);
        intake.admit(List.of(sample("cat", "a", images.get(0))));

        // then
        assertThat(intake.admit(List.of(sample("cat", "new", images.get(1)), sample("cat", "a", images.get(2)))))
                .isEqualTo(new Admission.Refused(
                        Admission.Reason.ID_CONFLICT,
                        "the id 'a' was used for another label or image: give every sample its own id"));
        assertThat(intake.admit(List.of(sample("dog", "a", images.get(0))))).isInstanceOf(Admission.Refused.class);
        assertThat(intake.admit(List.of(sample("cat", "b", images.get(0)), sample("cat", "b", images.get(1)))))
                .isInstanceOf(Admission.Refused.class);
        assertThat(intake.view("cat").seen()).isEqualTo(1);
    }

    @Test
    @DisplayName("refuses more classes than there may be")
    void limitsClasses() {
        // given
        intake.admit(List.of(
                sample("a", "1", Samples.images(1, 1).getFirst()),
                sample("b", "2", Samples.images(1, 2).getFirst()),
                sample("c", "3", Samples.images(1, 3).getFirst())));

        // then
        assertThat(intake.admit(List.of(
                        sample("d", "4", Samples.images(1, 4).getFirst()),
                        sample("e", "5", Samples.images(1, 5).getFirst()))))
                .isInstanceOf(Admission.Refused.class);
        assertThat(intake.admit(samples("d", 1, 4))).isEqualTo(new Admission.Accepted(1, 0));
    }

    @Test
    @DisplayName("defers at once what is more than it may have in hand, and takes it later")
    void defersWhenFull() {
        // given
        List<CompletionStage<Admission>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(intake.deliver(samples("cat", 1000, i)));
        }

        // then
        List<Admission> all = answers.stream().map(RunningIntake::join).toList();
        assertThat(all).contains(Deferrals.OVERLOADED);
        long accepted =
                all.stream().filter(new Admission.Accepted(1000, 0)::equals).count();
        assertThat(intake.view("cat").seen()).isEqualTo(1000 * accepted);
        assertThat(intake.look().bytesInFlight()).isZero();
        assertThat(intake.admit(samples("cat", 1000, 99))).isEqualTo(new Admission.Accepted(1000, 0));
    }

    @Test
    @DisplayName(
            "seals a class: nothing new for it, its images stay, repetitions are still known, also after a restart")
    void seals() {
        // given
        intake.admit(samples("cat", 30, 1));

        // when
        Intake.Sealed reply = intake.ask(replyTo -> new Intake.Seal("cat", replyTo));
        ClassSnapshot handedOut = intake.askClass("cat", ClassActor.TakeSnapshot::new);
        restart();

        // then
        assertThat(reply.owner())
                .hasValueSatisfying(each -> assertThat(each.phase()).isEqualTo(ClassPhase.SEALED));
        assertThat(intake.admit(samples("cat", 30, 1))).isEqualTo(new Admission.Accepted(0, 30));
        assertThat(intake.admit(samples("cat", 1, 2))).isInstanceOf(Admission.Refused.class);
        assertThat(intake.view("cat").reservoir()).isZero();
        ClassSnapshot after = intake.askClass("cat", ClassActor.TakeSnapshot::new);
        assertThat(after.images().toArray()).containsExactly(handedOut.images().toArray());
        ClassActor.Images replay = intake.askClass("cat", replyTo -> new ClassActor.ReadImages(List.of(0, 1), replyTo));
        assertThat(replay.images()).hasSize(2);
        assertThat(intake.<Intake.Sealed>ask(replyTo -> new Intake.Seal("nobody", replyTo))
                        .owner())
                .isEmpty();
    }

    @Test
    @DisplayName("forgets a class entirely, gives its index to nobody, and takes its label as a new class")
    void forgets() {
        // given
        intake.admit(samples("cat", 30, 1));
        intake.admit(samples("dog", 3, 2));

        // when
        Intake.Forgotten forgotten = intake.ask(replyTo -> new Intake.Forget("cat", replyTo));

        // then
        assertThat(forgotten.existed()).isTrue();
        assertThat(intake.<Intake.Forgotten>ask(replyTo -> new Intake.Forget("cat", replyTo))
                        .existed())
                .isFalse();
        assertThat(intake.look().classes()).extracting(ClassHandle::name).containsExactly("dog");

        // when
        restart();
        intake.admit(samples("cat", 30, 1));

        // then
        assertThat(intake.look().classes())
                .extracting(ClassHandle::name, ClassHandle::label, ClassHandle::seen)
                .containsExactly(tuple("dog", 1, 3L), tuple("cat", 2, 30L));
    }

    @Test
    @DisplayName("leaves nothing of a class in the store that is forgotten while it takes images in")
    void forgetsInTheMiddle() {
        // given
        intake.admit(samples("dog", 3, 2));
        long before = join(intake.store().size());
        intake.admit(samples("cat", 1, 0));
        for (int i = 0; i < 20; i++) {
            intake.deliver(samples("cat", 2000, i));
        }

        // when
        Intake.Forgotten forgotten = intake.ask(replyTo -> new Intake.Forget("cat", replyTo));

        // then
        assertThat(forgotten.existed()).isTrue();
        assertThat(join(intake.store().size())).isLessThan(before + 4096);
    }

    @Test
    @DisplayName("forgets a class whose first images are on their way: it does not come up afterwards")
    void forgetsWhatIsComing() {
        // when
        CompletionStage<Admission> first = intake.deliver(samples("cat", 5, 1));
        CompletionStage<Intake.Forgotten> forgetting = intake.begin(replyTo -> new Intake.Forget("cat", replyTo));
        CompletionStage<Admission> other = intake.deliver(samples("dog", 5, 1));

        // then
        assertThat(join(forgetting).existed()).isTrue();
        assertThat(join(first)).isIn(Deferrals.FORGOTTEN, new Admission.Accepted(5, 0));
        assertThat(join(other)).isEqualTo(new Admission.Accepted(5, 0));
        assertThat(intake.look().classes()).extracting(ClassHandle::name).containsExactly("dog");
    }

    @Test
    @DisplayName("has something to hand out from the first image of a class on")
    void handsOutAtOnce() {
        // given
        Image only = Samples.images(1, 1).getFirst();
        intake.admit(List.of(sample("cat", "a", only)));

        // when
        ClassSnapshot snapshot = intake.askClass("cat", ClassActor.TakeSnapshot::new);

        // then
        assertThat(snapshot.images().count()).isEqualTo(2);
        assertThat(snapshot.images().values(0)[5]).isEqualTo((double) (float) only.values()[5]);
        assertThat(intake.view("cat").phase()).isEqualTo(ClassPhase.COLLECTING);
    }

    @Test
    @DisplayName("keeps what a class has learned when an outer iteration begins, and hands it out after a restart")
    void keepsWhatWasLearned() {
        // given
        intake.admit(samples("cat", 30, 1));
        ClassActor.Candidates candidates =
                intake.askClass("cat", replyTo -> new ClassActor.FindCandidates(10, 1, replyTo));
        intake.<Done>askClass("cat", replyTo -> new ClassActor.Initialise(List.of(0, 1), replyTo));
        intake.<Done>askClass(
                "cat",
                replyTo ->
                        new ClassActor.UseRepresentatives(candidates.indices().subList(1, 3), Position.START, replyTo));

        // when
        Visit visit = new Visit(Position.START, 0, 0, 1);
        intake.admit(samples("cat", 200, 2));
        ClassActor.Batch batch = intake.askClass("cat", replyTo -> new ClassActor.PrepareBatch(visit, replyTo));
        ImageBatch gradient = ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3)));
        intake.<Done>askClass("cat", replyTo -> new ClassActor.ApplyGradient(visit, gradient, replyTo));
        intake.owner("cat").tell(new ClassActor.Clamp());
        ClassSnapshot learned = intake.askClass("cat", ClassActor.TakeSnapshot::new);
        restart();

        // then
        assertThat(candidates.images()).hasSize(10);
        assertThat(pixels(batch.task().real()))
                .isEqualTo(pixels(candidates.images().subList(1, 3)));
        assertThat(intake.view("cat"))
                .extracting(view -> view.phase(), view -> view.innerLoops())
                .containsExactly(ClassPhase.DISTILLING, 1L);
        ClassSnapshot restored = intake.askClass("cat", ClassActor.TakeSnapshot::new);
        assertThat(restored.images().toArray()).containsExactly(learned.images().toArray());
        assertThat(restored.velocity().toArray())
                .containsExactly(learned.velocity().toArray());
        assertThat(restored.average().toArray())
                .containsExactly(learned.average().toArray());
    }

    @Test
    @DisplayName("keeps what was learned when it is drained, and takes nothing after")
    void drains() {
        // given
        intake.admit(samples("cat", 30, 1));
        intake.<Done>askClass("cat", replyTo -> new ClassActor.Initialise(List.of(0, 1), replyTo));
        Visit visit = new Visit(Position.START, 0, 0, 1);
        intake.<Done>askClass(
                "cat",
                replyTo -> new ClassActor.ApplyGradient(
                        visit, ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3))), replyTo));

        // when
        intake.drain();

        // then
        assertThat(intake.admit(samples("cat", 1, 2))).isEqualTo(Deferrals.DRAINING);
        restart();
        assertThat(intake.view("cat").innerLoops()).isEqualTo(1);
    }

    @Test
    @DisplayName("goes through phases as it is told, and remembers them")
    void remembersPhases() {
        // given
        intake.admit(samples("cat", 30, 1));

        // when
        intake.<Done>askClass("cat", replyTo -> new ClassCommand.EnterPhase(ClassPhase.CONVERGED, replyTo));
        restart();

        // then
        assertThat(intake.view("cat").phase()).isEqualTo(ClassPhase.CONVERGED);
    }

    @Test
    @DisplayName(
            "keeps no more in the store than reservoirs, fingerprints and what was learned, however long the stream")
    void storeStaysBounded() {
        // given
        for (int i = 0; i < 10; i++) {
            intake.admit(samples("cat", 2000, i));
        }
        long early = join(intake.store().size());

        // when
        for (int i = 10; i < 80; i++) {
            intake.admit(samples("cat", 2000, i));
        }

        // then
        assertThat(join(intake.store().size())).isLessThan(Math.max(2 * early, 3 << 20));
        assertThat(intake.view("cat").reservoir()).isEqualTo(50);
        restart();
        assertThat(intake.view("cat").seen()).isEqualTo(160_000);
    }

    private static List<String> pixels(List<Image> images) {
        return images.stream()
                .map(image -> {
                    byte[] levels = new byte[image.shape().size()];
                    for (int i = 0; i < levels.length; i++) {
                        levels[i] = (byte) image.level(i);
                    }
                    return Arrays.toString(levels);
                })
                .toList();
    }

    static List<Sample> samples(String label, int count, long seed) {
        List<Sample> samples = new ArrayList<>();
        for (Image image : Samples.images(count, 31 * seed + label.hashCode())) {
            samples.add(sample(label, label + "-" + seed + "-" + samples.size(), image));
        }
        return samples;
    }
}
