package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DatasetsTest {

    @Test
    @DisplayName("lists the names it knows when it does not know one")
    void listsTheNames() {
        assertThatThrownBy(() -> Datasets.load("svhn", Optional.empty()))
                .isInstanceOf(DatasetException.class)
                .hasMessage("unknown dataset 'svhn': choose one of fashion-mnist, mnist or folder:PATH"
                        + " (svhn, cifar10, cifar100 and tiny-imagenet cannot be read yet)");
    }

    @Test
    @DisplayName("refuses a second folder for a dataset that names its own")
    void refusesTwoFolders() {
        assertThatThrownBy(() -> Datasets.load("folder:here", Optional.of(Path.of("there"))))
                .isInstanceOf(DatasetException.class)
                .hasMessage("folder:here names its folder itself: leave out --data");
    }

    @Test
    @DisplayName("looks below REVERIE_DATA, or else in the user's cache")
    void findsTheDataHome() {
        Path home = Path.of("/home/ada");

        assertThat(DataHome.from(Map.of("REVERIE_DATA", "/data"), home).directoryOf("mnist"))
                .isEqualTo(Path.of("/data/mnist"));
        assertThat(DataHome.from(Map.of("REVERIE_DATA", " "), home).directoryOf("mnist"))
                .isEqualTo(Path.of("/home/ada/.cache/reverie/mnist"));
        assertThat(DataHome.from(Map.of(), home).root()).isEqualTo(Path.of("/home/ada/.cache/reverie"));
    }
}
