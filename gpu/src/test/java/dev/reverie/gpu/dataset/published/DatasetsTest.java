package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    @DisplayName("says that no shell replaces a tilde in the middle of a word")
    void refusesTilde() {
        assertThatThrownBy(() -> Datasets.load("folder:~/flowers", Optional.empty()))
                .isInstanceOf(DatasetException.class)
                .hasMessageEndingWith("write folder:$HOME/... instead");
    }

    @Test
    @DisplayName("refuses an empty folder name, which a variable that is not set leaves")
    void refusesEmptyName() {
        assertThatThrownBy(() -> Datasets.load("folder:", Optional.empty()))
                .isInstanceOf(DatasetException.class)
                .hasMessage("the dataset folder: names no folder: write folder:PATH");
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
    @DisplayName("reads the chosen classes of a published dataset in the given order")
    void chosenClasses(@TempDir Path folder) {
        IdxFixture.writeAll(folder);

        Dataset chosen = load(folder, List.of("7", "2"));

        assertThat(chosen.classNames()).containsExactly("7", "2");
        assertThat(chosen.train())
                .extracting(LabelledImage::label)
                .contains(0, 1)
                .doesNotContain(2);
        assertThatThrownBy(() -> load(folder, List.of("7", "x")))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith("mnist has no class 'x': its classes are 0, 1, 2,");
    }

    private static Dataset load(Path folder, List<String> classes) {
        return Datasets.load(
                "mnist", new DatasetOptions(Optional.of(folder), Optional.empty(), classes), LoadProgress.NONE);
    }

    @Test
    @DisplayName("refuses --data for a dataset whose name contains the folder")
    void refusesTwoFolders() {
        assertThatThrownBy(() -> Datasets.load("folder:here", Optional.of(Path.of("there"))))
                .isInstanceOf(DatasetException.class)
                .hasMessage("folder:here already names a folder: leave out --data");
    }
}
