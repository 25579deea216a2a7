package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.nio.file.Path;
import java.util.List;
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
    @DisplayName("refuses --resize for a dataset whose images all have the same size")
    void refusesResizing() {
        Resizing resizing = new Resizing(new TargetSize(8, 8), Resizing.Fit.CROP);

        assertThatThrownBy(() -> Datasets.load(
                        "mnist",
                        new DatasetOptions(Optional.empty(), Optional.of(resizing), List.of()),
                        LoadProgress.NONE))
                .isInstanceOf(DatasetException.class)
                .hasMessage("--resize works only with folder:PATH: all images of mnist have the same size");
    }

    @Test
    @DisplayName("refuses --data for a dataset whose name contains the folder")
    void refusesTwoFolders() {
        assertThatThrownBy(() -> Datasets.load("folder:here", Optional.of(Path.of("there"))))
                .isInstanceOf(DatasetException.class)
                .hasMessage("folder:here already names a folder: leave out --data");
    }
}
