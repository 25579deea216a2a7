package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageShape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The benchmark of clustering")
class ClusteringBenchTest {

    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);

    @Test
    @DisplayName("reports no more images than the class has")
    void available() {
        ClusteringBench published = new ClusteringBench(SHAPE, 16, 10_000, 6, BenchImages.FASHION_MNIST);
        ClusteringBench generated = new ClusteringBench(SHAPE, 16, 10_000, 6, BenchImages.GENERATED);

        assertThat(published.images()).isEqualTo(6_000);
        assertThat(published.title()).startsWith("choosing 6 of 6000 images (fashion-mnist)");
        assertThat(generated.images()).isEqualTo(10_000);
    }
}
