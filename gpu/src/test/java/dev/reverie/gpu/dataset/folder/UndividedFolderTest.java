package dev.reverie.gpu.dataset.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.LoadProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A dataset in a folder without test images")
class UndividedFolderTest {

    private Path root;
    private PictureFolder pictures;
    private final LeftOut leftOut = new LeftOut(false);

    @BeforeEach
    void writeClasses(@TempDir Path folder) {
        root = folder;
        pictures = new PictureFolder(folder);
        IntStream.range(1, 200).forEach(i -> pictures.write("cat/" + i + ".png", PictureFolder.grey(8, 6, i)));
        IntStream.range(1, 3).forEach(i -> pictures.write("dog/" + i + ".png", PictureFolder.grey(8, 6, i)));
    }

    @Test
    @DisplayName("tells how many images become test images")
    void tells() {
        List<Integer> told = new ArrayList<>();
        LoadProgress progress = new LoadProgress() {
            @Override
            public void divided(int test, int total) {
                told.addAll(List.of(test, total));
            }

            @Override
            public void read(int done, int total) {
                // only the division counts
            }
        };

        FolderFiles files =
                new FolderDataset(root, List.of(), Optional.empty(), Optional.empty(), leftOut).files(progress);

        assertThat(told).containsExactly(files.test().size(), 201);
    }

    @Test
    @DisplayName("tests on about a tenth of each class, and on at least one image")
    void divides() {
        FolderFiles files = files(root, List.of(), Optional.empty());

        assertThat(files.classNames()).containsExactly("cat", "dog");
        assertThat(files.test()).filteredOn(picture -> picture.label() == 0).hasSizeBetween(10, 30);
        assertThat(files.test()).filteredOn(picture -> picture.label() == 1).hasSize(1);
        assertThat(files.train().size() + files.test().size()).isEqualTo(201);
    }

    @Test
    @DisplayName("takes the same test images again, whatever other pictures there are, and wherever the folder is")
    void staysTheSame(@TempDir Path elsewhere) throws IOException {
        List<Path> before = tested(root);
        pictures.write("cat/0.png", PictureFolder.grey(8, 6, 3));
        Files.move(root.resolve("cat"), elsewhere.resolve("cat"));

        List<Path> after = tested(elsewhere);

        assertThat(after).containsAll(before).hasSizeLessThan(before.size() + 2);
    }

    private List<Path> tested(Path folder) {
        return files(folder, List.of("cat"), Optional.empty()).test().stream()
                .map(PictureFile::name)
                .toList();
    }

    @Test
    @DisplayName("takes the share that is asked for, and refuses one if there are test images")
    void takesTheShare() {
        assertThat(share(0).test()).isEmpty();
        assertThat(share(0.5).test()).hasSizeBetween(80, 120);
        pictures.write("train/cat/1.png", PictureFolder.grey(8, 6, 1));
        pictures.write("test/cat/1.png", PictureFolder.grey(8, 6, 1));
        assertThatThrownBy(() -> share(0.5)).hasMessageEndingWith("has test images of its own: omit --test-share");
    }

    private FolderFiles share(double share) {
        return files(root, List.of(), Optional.of(share));
    }

    private FolderFiles files(Path folder, List<String> classes, Optional<Double> share) {
        return new FolderDataset(folder, classes, Optional.empty(), share, leftOut).files(LoadProgress.NONE);
    }
}
