package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.store.Store;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The intake")
class ChannelsTest {

    private static final Sample GREY = sample("cat", "grey", even(1, 100));
    private static final Sample COLOUR = sample("cat", "colour", even(3, 60));

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("stores grey images in colour if its first image is in colour, and knows them again")
    void firstInColour() {
        try (RunningIntake intake = open(OptionalInt.empty())) {
            assertThat(intake.deliver(List.of(COLOUR, GREY))).isEqualTo(new DeliveryOutcome.Accepted(2, 0));
            assertThat(intake.deliver(List.of(GREY))).isEqualTo(new DeliveryOutcome.Accepted(0, 1));
            assertThat(stored(intake))
                    .containsExactly(even(3, 60).levels(), even(3, 100).levels());
        }
    }

    @Test
    @DisplayName("stores colour images as their luma if its first image is grey, also after a restart")
    void firstInGrey() {
        try (RunningIntake intake = open(OptionalInt.empty())) {
            intake.deliver(List.of(GREY));
        }
        try (RunningIntake intake = open(OptionalInt.empty())) {
            assertThat(intake.deliver(List.of(COLOUR))).isEqualTo(new DeliveryOutcome.Accepted(1, 0));
            assertThat(stored(intake))
                    .containsExactly(even(1, 100).levels(), even(1, 60).levels());
        }
    }

    @Test
    @DisplayName("stores the channels that it is told, whatever its first image has")
    void told() {
        try (RunningIntake intake = open(OptionalInt.of(3))) {
            assertThat(intake.deliver(List.of(GREY, COLOUR))).isEqualTo(new DeliveryOutcome.Accepted(2, 0));
            assertThat(stored(intake))
                    .containsExactly(even(3, 100).levels(), even(3, 60).levels());
        }
    }

    private static List<ByteBuffer> stored(RunningIntake intake) {
        return intake
                .<ClassActor.Images>askClass("cat", replyTo -> new ClassActor.ReadImages(List.of(0, 1), replyTo))
                .images()
                .stream()
                .map(Image::levels)
                .toList();
    }

    private RunningIntake open(OptionalInt channels) {
        return RunningIntake.on(Store.inFolder(folder), channels);
    }

    private static Image even(int channels, int level) {
        byte[] pixels = new byte[channels * 16];
        Arrays.fill(pixels, (byte) level);
        return Image.of(new ImageShape(channels, 4, 4), pixels);
    }
}
