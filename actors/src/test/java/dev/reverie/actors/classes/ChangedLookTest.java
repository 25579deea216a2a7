package dev.reverie.actors.classes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.Reservoir;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A stream whose images are bright on the left at first and on the right after an hour. With
 * {@code -Dreverie.curve.write=true}, the test writes the curve to {@code docs/explanation/changed-look.csv}.
 */
@DisplayName("The memory of a class that changes its look")
@Tag("computing")
class ChangedLookTest {

    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);
    private static final int IMAGES = 2;
    private static final int WIDTH = 16;
    private static final int CAPACITY = 300;
    private static final int IMAGES_PER_MINUTE = 30;
    private static final int LOOPS_PER_MINUTE = 10;
    private static final int CHANGE = 60;
    private static final int MINUTES = 120;
    private static final int MAX_AGE = 20;
    private static final Instant START = Instant.ofEpochSecond(1_000_000);
    private static final Path CURVE = Path.of("../docs/explanation/changed-look.csv");

    private final SplittableRandom random = new SplittableRandom(5);

    /** How much of the new look a class has, from 0 to 1: the share of its real images, and its learned images. */
    private record Progress(double reservoir, double memory) {}

    @Test
    @DisplayName("follows within the maximum age of its real images, and much later without one")
    void follows() throws IOException {
        List<Progress> fresh = progress(Optional.of(new MaxAge(Duration.ofMinutes(MAX_AGE), 40, 0)));
        List<Progress> any = progress(Optional.empty());
        if (Boolean.getBoolean("reverie.curve.write")) {
            write(fresh, any);
        }

        assertThat(fresh.get(CHANGE - 1).memory()).isLessThan(0.1);
        assertThat(fresh.get(CHANGE + MAX_AGE).reservoir()).isEqualTo(1);
        assertThat(fresh.get(CHANGE + MAX_AGE + 5).memory()).isGreaterThan(0.9);
        assertThat(any.getLast().memory()).isLessThan(0.75);
    }

    private List<Progress> progress(Optional<MaxAge> maxAge) {
        DistillationSettings preset = Presets.quick("stream", SHAPE, Method.DM, IMAGES, 1, 0);
        DistillationSettings settings = preset.withNetwork(preset.network().withWidth(WIDTH));
        List<Progress> all = new ArrayList<>();
        Reservoir reservoir = Reservoir.empty(1, CAPACITY);
        ClassMemory memory = new ClassMemory(0, List.of(), settings);
        try (MatchingEngine engine =
                MatchingEngine.open(settings, SHAPE, new Normalisation(List.of(0.5), List.of(0.25)))) {
            for (int minute = 0; minute < MINUTES; minute++) {
                Instant now = START.plus(Duration.ofMinutes(minute));
                Reservoir kept = maxAge.isEmpty() ? reservoir : withoutOld(reservoir, maxAge.get(), now);
                reservoir = kept.with(kept.choose(arrivals(minute, now)));
                memory.replaceReservoir(reservoir.images());
                if (minute == 0) {
                    memory.composeFrom(reservoir.images().subList(0, IMAGES));
                }
                for (int loop = 0; loop < LOOPS_PER_MINUTE; loop++) {
                    ClassVisit visit = new ClassVisit(new LoopPosition(minute, loop), 0, 0, 2);
                    memory.apply(visit, engine.match(memory.prepare(visit)).gradient());
                }
                all.add(new Progress(
                        newImages(reservoir), newLook(memory.snapshot().average())));
            }
        }
        return all;
    }

    private static Reservoir withoutOld(Reservoir reservoir, MaxAge maxAge, Instant now) {
        MaxAge.Expiry expiry = maxAge.at(now);
        return reservoir.without(expiry.before(), expiry.images(), now);
    }

    private List<ReservoirImage> arrivals(int minute, Instant now) {
        return IntStream.range(0, IMAGES_PER_MINUTE)
                .mapToObj(i -> new ReservoirImage((long) minute * IMAGES_PER_MINUTE + i, image(minute >= CHANGE), now))
                .toList();
    }

    private Image image(boolean isNew) {
        byte[] pixels = new byte[SHAPE.size()];
        for (int at = 0; at < pixels.length; at++) {
            pixels[at] = (byte) ((isRight(at) == isNew ? 150 : 50) + random.nextInt(50));
        }
        return Image.of(SHAPE, pixels);
    }

    private static boolean isRight(int at) {
        return at % SHAPE.width() >= SHAPE.width() / 2;
    }

    private static double newImages(Reservoir reservoir) {
        return reservoir.entries().stream()
                .mapToDouble(each -> each.ordinal() >= CHANGE * IMAGES_PER_MINUTE ? 1 : 0)
                .average()
                .orElse(0);
    }

    /**
     * 0 for images that are bright on the left as at first, 1 for images that are bright on the right as in the end.
     */
    private static double newLook(ImageBatch images) {
        float[] values = images.toArray();
        double difference = 0;
        for (int at = 0; at < values.length; at++) {
            difference += isRight(at) ? values[at] : -values[at];
        }
        double brightness = 100 / 255.0;
        return 0.5 + difference / (values.length * brightness);
    }

    private static void write(List<Progress> fresh, List<Progress> any) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("minutes,reservoir_max_age_20,memory_max_age_20,reservoir_any_age,memory_any_age");
        for (int minute = CHANGE - 5; minute < MINUTES; minute++) {
            lines.add("%d,%.3f,%.3f,%.3f,%.3f"
                    .formatted(
                            minute - CHANGE + 1,
                            fresh.get(minute).reservoir(),
                            fresh.get(minute).memory(),
                            any.get(minute).reservoir(),
                            any.get(minute).memory()));
        }
        Files.write(CURVE, lines);
    }
}
