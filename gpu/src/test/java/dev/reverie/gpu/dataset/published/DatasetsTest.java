package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.DatasetException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DatasetsTest {

    @Test
    @DisplayName("lists the known names when it refuses an unknown one")
    void listsTheNames() {
        assertThatThrownBy(() -> Datasets.load("imagenet", Optional.empty()))
                .isInstanceOf(DatasetException.class)
                .hasMessage("unknown dataset 'imagenet': choose one of fashion-mnist, mnist, svhn, cifar10, cifar100,"
                        + " tiny-imagenet or folder:PATH");
    }

    @Test
    @DisplayName("refuses --data for a dataset whose name contains the folder")
    void refusesTwoFolders() {
        assertThatThrownBy(() -> Datasets.load("folder:here", Optional.of(Path.of("there"))))
                .isInstanceOf(DatasetException.class)
                .hasMessage("folder:here already names a folder: leave out --data");
    }
}
