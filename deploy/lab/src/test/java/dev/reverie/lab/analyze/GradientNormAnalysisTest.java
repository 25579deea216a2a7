package dev.reverie.lab.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.matching.NetworkAnalyzer;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The images whose gradient norms are compared")
class GradientNormAnalysisTest {

    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);

    private final SplittableRandom random = new SplittableRandom(3);
    private final List<Image> images = Stream.generate(this::image).limit(40).toList();

    private Image image() {
        byte[] levels = new byte[SHAPE.size()];
        random.nextBytes(levels);
        return Image.of(SHAPE, levels);
    }

    @Test
    @DisplayName("are chosen anew for each seed of a run, at random and by DREAM")
    void dependOnTheSeed() {
        Map<String, List<Integer>> one = choices(1);
        Map<String, List<Integer>> other = choices(2);

        assertThat(one.get("random")).hasSize(80).isNotEqualTo(other.get("random"));
        assertThat(one.get("dream")).hasSize(80).isNotEqualTo(other.get("dream"));
        assertThat(choices(1)).isEqualTo(one);
    }

    /** The choices of a run with eight representatives of twenty candidates. */
    private Map<String, List<Integer>> choices(long seed) {
        DistillationSettings quick = Presets.quick("folder:images", SHAPE, Method.DREAM, 1, 1, seed);
        DistillationSettings run = quick.withNetwork(quick.network().withWidth(4))
                .withRepresentatives(quick.representatives().withCount(8).withCandidates(20));
        try (NetworkAnalyzer analyzer = NetworkAnalyzer.open(run, SHAPE, Normalisation.neutral(SHAPE))) {
            return GradientNormAnalysis.choices(run, images, analyzer.fresh(new NetworkId(0, 2)), analyzer);
        }
    }
}
