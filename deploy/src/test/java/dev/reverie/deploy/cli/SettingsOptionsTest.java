package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.run.SetFormat;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("The method of a distillation")
class SettingsOptionsTest {

    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);

    /** Two classes of equal images, which no means can tell apart. */
    private static Dataset equalClasses() {
        Image image = Image.of(SHAPE, new byte[SHAPE.size()]);
        List<LabelledImage> train = IntStream.range(0, 20_000)
                .mapToObj(i -> new LabelledImage(image, i % 2))
                .toList();
        return new Dataset("folder", SHAPE, List.of("a", "b"), Normalisation.neutral(SHAPE), train, List.of());
    }

    private final SettingsOptions options = new SettingsOptions();

    private DistillationSettings settings(String... arguments) {
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return options.of(equalClasses(), SetFormat.BYTES, Optional.empty());
    }

    @Test
    @DisplayName("is tgdd if the mean images of the classes differ little, which the command says")
    void chosenByImages() {
        DistillationSettings settings = settings();

        assertThat(settings.method()).isEqualTo(Method.TGDD);
        assertThat(options.choice(settings))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("tgdd", "--method"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--networks=fresh",
                "--inner-loops=3",
                "--candidates=99",
                "--learning-rate=0.1",
                "--unrolled",
                "--init=random",
                "--objective=gradients",
                "--interval=5"
            })
    @DisplayName("is dream-plus if an option sets a part of the method")
    void partOfMethod(String option) {
        DistillationSettings settings = settings(option);

        assertThat(settings.method()).isEqualTo(Method.DREAM_PLUS);
        assertThat(options.choice(settings)).isEmpty();
    }

    @Test
    @DisplayName("is dream with the settings of the paper, whatever the images are")
    void paper() {
        DistillationSettings settings = settings("--preset=paper");

        assertThat(settings.method()).isEqualTo(Method.DREAM);
        assertThat(options.choice(settings)).isEmpty();
    }

    @Test
    @DisplayName("has a queue of networks on request, as idm has, and none with fresh networks")
    void queue() {
        NetworkSettings dream = settings("--method=dream", "--networks=queue").network();
        NetworkSettings idm = settings("--method=idm", "--networks=queue").network();
        NetworkSettings fresh = settings("--method=idm", "--networks=fresh").network();

        assertThat(dream.variation()).isEqualTo(NetworkVariation.QUEUED);
        assertThat(dream.pool()).isEqualTo(5);
        assertThat(idm.variation()).isEqualTo(NetworkVariation.QUEUED);
        assertThat(fresh.variation()).isEqualTo(NetworkVariation.NONE);
        assertThat(fresh.pool()).isOne();
    }

    @Test
    @DisplayName("has as many candidates as the option says")
    void candidates() {
        assertThat(settings("--method=tgdd", "--candidates=99")
                        .representatives()
                        .candidates())
                .isEqualTo(99);
    }

    @Test
    @DisplayName("differentiates through all steps of a student with the settings of the paper, or on request")
    void unrolled() {
        assertThat(List.of(
                        settings("--method=mtt"),
                        settings("--method=mtt", "--preset=paper"),
                        settings("--method=mtt", "--unrolled")))
                .extracting(settings -> settings.trajectory().orElseThrow().unrolled())
                .containsExactly(false, true, true);
    }

    @Test
    @DisplayName("is the one that is named")
    void named() {
        DistillationSettings settings = settings("--method=dm");

        assertThat(settings.method()).isEqualTo(Method.DM);
        assertThat(options.choice(settings)).isEmpty();
    }
}
