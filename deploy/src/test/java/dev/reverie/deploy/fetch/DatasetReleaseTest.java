package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.published.Datasets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The list of published datasets")
class DatasetReleaseTest {

    @Test
    @DisplayName("has every dataset that can be read by its name")
    void isComplete() {
        assertThat(DatasetRelease.ALL.stream().map(DatasetRelease::dataset))
                .containsExactlyElementsOf(Datasets.names());
    }

    @Test
    @DisplayName("names the files of SVHN, CIFAR, Tiny ImageNet and Imagenette at their publishers")
    void knowsTheAddresses() {
        assertThat(DatasetRelease.ALL.stream()
                        .filter(release -> release.sources().getLast() instanceof PublisherSource)
                        .flatMap(release -> release.files().stream().map(file -> ((PublisherSource)
                                        release.sources().getLast())
                                .base()
                                .resolve(file.downloadName())
                                .toString())))
                .contains(
                        "http://ufldl.stanford.edu/housenumbers/train_32x32.mat",
                        "http://ufldl.stanford.edu/housenumbers/test_32x32.mat",
                        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                        "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
                        "http://cs231n.stanford.edu/tiny-imagenet-200.zip",
                        "https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz");
    }

    @Test
    @DisplayName("has a SHA-256 and a size for every file")
    void hasFingerprints() {
        assertThat(DatasetRelease.ALL.stream().flatMap(release -> release.files().stream()))
                .allSatisfy(file -> {
                    assertThat(file.sha256()).matches("[0-9a-f]{64}");
                    assertThat(file.bytes()).isPositive();
                });
    }
}
