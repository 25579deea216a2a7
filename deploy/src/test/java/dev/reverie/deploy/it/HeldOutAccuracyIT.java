package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.client.HeldOutAccuracy;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.Samples;
import dev.reverie.deploy.replay.ImageSamples;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The held-out accuracy of a service")
@Timeout(300)
class HeldOutAccuracyIT {

    private static final Pattern ADDRESS = Pattern.compile("listening on (\\S+)\\R");
    private static final Pattern ACCURACY =
            Pattern.compile("held-out accuracy (\\S+) %: [\\d,]+ test images of 4 of 4 classes");

    private static final String OFTEN =
            "reverie.evaluation { interval = 1 s, test-share = 0.5, min-images = 100, width = 16, steps = 100, share = 1 }";

    private static final ImageShape SHAPE = new ImageShape(1, 16, 16);
    private static final int DELIVERY = 100;
    private static final List<Motif> MOTIFS = List.of(Motif.values());
    private static final double CHANCE = 1.0 / MOTIFS.size();

    private ReverieProcess process;
    private ReverieClient client;

    @BeforeEach
    void serve(@TempDir Path folder) throws Exception {
        Path configuration = Files.writeString(folder.resolve("service.conf"), OFTEN);
        String store = folder.resolve("store").toString();
        process = ReverieProcess.start(
                folder, List.of("serve", "--config", configuration.toString(), "--store", store, "--port", "0"));
        client = ReverieClient.builder(URI.create(process.awaitLine(ADDRESS))).build();
        ServiceState.awaitReady(client);
    }

    @AfterEach
    void close() {
        client.close();
        process.close();
    }

    @Test
    @DisplayName("is high if the classes are distinguishable, and is in the log")
    void separable() throws Exception {
        HeldOutAccuracy found = NewImages.deliverUntil(
                client,
                number -> delivery(number, Optional.empty()),
                accuracy -> accuracy.classes() == 4 && accuracy.accuracy() > 0.9);

        assertThat(found.memoryClasses()).isEqualTo(4);
        assertThat(Double.parseDouble(process.awaitLine(ACCURACY))).isBetween(0.0, 100.0);
    }

    @Test
    @DisplayName("is that of guessing if labels are unrelated to the images")
    void shuffled() throws Exception {
        SplittableRandom labels = new SplittableRandom(3);

        HeldOutAccuracy found = NewImages.deliverUntil(
                client, number -> delivery(number, Optional.of(labels)), accuracy -> accuracy.classes() == 4);

        double deviation = Math.sqrt(CHANCE * (1 - CHANCE) / found.images());
        assertThat(found.accuracy()).isCloseTo(CHANCE, within(5 * deviation));
    }

    /** Returns images with a pattern, labelled by it, or at random if {@code lot} is present. */
    private static Samples delivery(int number, Optional<SplittableRandom> lot) {
        SplittableRandom random = new SplittableRandom(number);
        List<Image> images = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < DELIVERY; i++) {
            Motif shown = MOTIFS.get(i % MOTIFS.size());
            Motif label =
                    lot.map(from -> MOTIFS.get(from.nextInt(MOTIFS.size()))).orElse(shown);
            images.add(shown.image(random));
            labels.add(label.name());
        }
        return ImageSamples.of(images, labels);
    }

    /** The pattern of an image under noise; mirroring does not change it. */
    private enum Motif {
        ROWS,
        COLUMNS,
        SPOT,
        NOTHING;

        private static final int PERIOD = 8;

        Image image(SplittableRandom random) {
            int phase = random.nextInt(PERIOD);
            byte[] pixels = new byte[SHAPE.size()];
            for (int at = 0; at < pixels.length; at++) {
                int light = isBright(at / SHAPE.width(), at % SHAPE.width(), phase) ? 150 : 0;
                pixels[at] = (byte) (light + random.nextInt(100));
            }
            return Image.of(SHAPE, pixels);
        }

        private boolean isBright(int row, int column, int phase) {
            int half = SHAPE.width() / 2;
            return switch (this) {
                case ROWS -> (row + phase) % PERIOD < PERIOD / 2;
                case COLUMNS -> (column + phase) % PERIOD < PERIOD / 2;
                case SPOT -> Math.abs(row - half) < PERIOD / 2 && Math.abs(column - half) < PERIOD / 2;
                case NOTHING -> false;
            };
        }
    }
}
