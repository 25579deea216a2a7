package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassMessage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Classes that save their images")
class SaveQueueTest {

    private static final long MEBIBYTE = 1 << 20;

    @AutoClose("shutdownTestKit")
    private final ActorTestKit kit = ActorTestKit.create();

    private final SaveQueue turns = SaveQueue.of(kit.system());
    private final TestProbe<ClassMessage> cat = kit.createTestProbe();
    private final TestProbe<ClassMessage> dog = kit.createTestProbe();
    private final TestProbe<ClassMessage> emu = kit.createTestProbe();
    private final SaveQueue.Turn ofCat = turns.of(cat.ref());
    private final SaveQueue.Turn ofDog = turns.of(dog.ref());
    private final SaveQueue.Turn ofEmu = turns.of(emu.ref());

    @Test
    @DisplayName("do so at the same time if their images are small")
    void together() {
        assertThat(ofCat.take(MEBIBYTE)).isTrue();
        assertThat(ofDog.take(MEBIBYTE)).isTrue();
    }

    @Test
    @DisplayName("wait for each other if their images are large, in the order in which they asked")
    void waits() {
        assertThat(ofCat.take(100 * MEBIBYTE)).isTrue();
        assertThat(ofDog.take(100 * MEBIBYTE)).isFalse();
        assertThat(ofEmu.take(MEBIBYTE)).isFalse();

        ofCat.onSaved();

        dog.expectMessage(ClassReminder.SAVE_DUE);
        emu.expectNoMessage();
        assertThat(ofDog.take(100 * MEBIBYTE)).isTrue();
    }

    @Test
    @DisplayName("lose their turn and their place if they stop or fail")
    void ended() {
        assertThat(ofCat.take(100 * MEBIBYTE)).isTrue();
        assertThat(ofDog.take(100 * MEBIBYTE)).isFalse();
        assertThat(ofEmu.take(100 * MEBIBYTE)).isFalse();

        ofDog.end();
        ofCat.end();

        emu.expectMessage(ClassReminder.SAVE_DUE);
        dog.expectNoMessage();
        assertThat(ofCat.take(MEBIBYTE)).isFalse();
    }

    @Test
    @DisplayName("reply once to each of those who wait, as soon as the images are saved")
    void replies() {
        TestProbe<Done> waiting = kit.createTestProbe();
        ofCat.await(waiting.ref());
        ofCat.await(waiting.ref());
        ofCat.end();
        waiting.expectNoMessage();

        ofCat.onSaved();

        waiting.expectMessage(Done.getInstance());
        waiting.expectNoMessage();
        assertThat(ofCat.isAwaited()).isFalse();
    }
}
