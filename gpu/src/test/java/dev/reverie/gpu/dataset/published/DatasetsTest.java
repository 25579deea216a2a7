package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetsTest {

    @Test
    @DisplayName("lists the known names when it refuses an unknown one")
    void listsTheNames() {
        assertThatThrownBy(() -> Datasets.load("imagenet", Optional.empty()))
                .isInstanceOf(DatasetException.class)
                .hasMessage("unknown dataset 'imagenet': choose one of fashion-mnist, mnist, svhn, cifar10, cifar100,"
                        + " tiny-imagenet, imagenette or folder:PATH");
    }

    @Test
    @DisplayName("finds a published dataset in a folder only if all its files are there")
    void findsFiles(@TempDir Path folder) throws IOException {
        IdxFixture.writeAll(folder);
        assertThat(Datasets.isIn(folder, "mnist")).isTrue();
        assertThat(Datasets.isIn(folder, "svhn")).isFalse();
        assertThat(Datasets.isIn(folder, "imagenet")).isFalse();

        Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
        assertThat(Datasets.isIn(folder, "mnist")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "cifar10, cifar-10-python.tar.gz",
        "cifar10, cifar-10-batches-bin/data_batch_1.bin",
        "cifar100, cifar-100-python/train",
        "tiny-imagenet, tiny-imagenet-200/wnids.txt",
        "imagenette, imagenette2-160.tgz",
    })
    @DisplayName("finds a published dataset in every form in which it can be read")
    void findsForms(String name, String file, @TempDir Path folder) throws IOException {
        assertThat(Datasets.isIn(folder, name)).isFalse();
        Path path = folder.resolve(file);
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.writeString(path, "content");

        assertThat(Datasets.isIn(folder, name)).isTrue();
    }

    @Test
    @DisplayName("tells a folder of pictures from a published dataset by its name")
    void folders() {
        assertThat(Dataset.namesFolder("folder:flowers")).isTrue();
        assertThat(Datasets.names()).noneMatch(Dataset::namesFolder);
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
                .hasMessage("--resize works only with photographs, of imagenette or folder:PATH: all images of mnist"
                        + " have the same size");
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
