package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.deploy.progress.RecordedView;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.published.MnistFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The fetcher of datasets")
class FetcherTest {

    private final RecordedView view = new RecordedView();
    private Path folder;

    @BeforeEach
    void nameTheFolder(@TempDir Path parent) {
        folder = parent.resolve("data").resolve("tiny");
    }

    @Test
    @DisplayName("stores the four files, uncompressed, under the publishers' names, and nothing else")
    void storesTheFiles() throws IOException {
        Optional<String> source = fetch(new TinyRelease.Intact("registry"));

        assertThat(source).contains("registry");
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder(
                        "train-images-idx3-ubyte",
                        "train-labels-idx1-ubyte",
                        "t10k-images-idx3-ubyte",
                        "t10k-labels-idx1-ubyte");
        assertThat(folder.resolve("t10k-labels-idx1-ubyte"))
                .hasBinaryContent(TinyRelease.content(MnistFile.TEST_LABELS));
    }

    @Test
    @DisplayName("does not fetch files that exist and are intact, gzipped or not")
    void keepsSoundFiles() throws IOException {
        fetch(new TinyRelease.Intact("registry"));
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
        Files.write(
                folder.resolve("t10k-labels.idx1-ubyte.gz"),
                TinyRelease.gzipped(TinyRelease.content(MnistFile.TEST_LABELS)));

        Optional<String> again = fetch(new TinyRelease.Unreachable("registry"));

        assertThat(again).isEmpty();
        assertThat(view.shown()).doesNotContain("registry failed: no route to host");
    }

    @Test
    @DisplayName("replaces a file that is damaged")
    void replacesDamagedFiles() throws IOException {
        fetch(new TinyRelease.Intact("registry"));
        Files.writeString(folder.resolve("train-images-idx3-ubyte"), "damaged");

        Optional<String> again = fetch(new TinyRelease.Intact("mirror"));

        assertThat(again).contains("mirror");
        assertThat(folder.resolve("train-images-idx3-ubyte"))
                .hasBinaryContent(TinyRelease.content(MnistFile.TRAIN_IMAGES));
    }

    @Test
    @DisplayName("fetches nothing that is missing only in the form in which it is published")
    void acceptsOtherForms() throws IOException {
        Path unpacked = Files.createDirectories(folder.resolve("cifar-10-batches-py"));
        Files.writeString(unpacked.resolve("data_batch_1"), "images");
        DatasetRelease.Source source = new TinyRelease.Unreachable("registry");
        DatasetRelease release =
                new DatasetRelease("cifar10", TinyRelease.from(source).files(), List.of(source));
        Fetcher fetcher = new Fetcher(List.of(release));

        Optional<String> fetched = fetcher.fetchIfMissing("cifar10", folder, view);

        assertThat(fetched).isEmpty();
        assertThat(view.shown()).isEmpty();

        // but a published file that is damaged is fetched
        Files.writeString(folder.resolve("train-images-idx3-ubyte"), "damaged");
        assertThatThrownBy(() -> fetcher.fetchIfMissing("cifar10", folder, view))
                .isInstanceOf(IOException.class);
    }

    @Test
    @DisplayName("fetches a dataset that is missing in every form")
    void fetchesIfMissing() throws IOException {
        Fetcher fetcher = new Fetcher(List.of(TinyRelease.from(new TinyRelease.Intact("registry"))));

        assertThat(fetcher.fetchIfMissing("tiny", folder, view)).contains("registry");
        assertThat(folder.resolve("t10k-labels-idx1-ubyte"))
                .hasBinaryContent(TinyRelease.content(MnistFile.TEST_LABELS));
        assertThat(fetcher.fetchIfMissing("tiny", folder, view)).as("again").isEmpty();
    }

    @Test
    @DisplayName("tries the sources in order and reports its progress")
    void triesInOrder() throws IOException {
        fetch(new TinyRelease.Unreachable("registry"), new TinyRelease.Intact("mirror"));

        assertThat(view.shown())
                .containsExactly(
                        "trying registry",
                        "0.0 of 0.0 MB from registry",
                        "registry failed: no route to host",
                        "trying mirror",
                        "0.0 of 0.0 MB from mirror",
                        "0.0 of 0.0 MB from mirror",
                        "0.0 of 0.0 MB from mirror",
                        "0.0 of 0.0 MB from mirror",
                        "0.0 of 0.0 MB from mirror");
        assertThat(view.fractions()).endsWith(0.0, 23 / 90.0, 46 / 90.0, 68 / 90.0, 1.0);
    }

    @Test
    @DisplayName("rejects a file that differs from the published one")
    void refusesAlteredFiles() throws IOException {
        assertThatThrownBy(() -> fetch(new TinyRelease.Altered("mirror")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("train-images-idx3-ubyte differs from the published file");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("says that a source sent a damaged file, if the file ends too early")
    void refusesTruncatedFiles() {
        assertThatThrownBy(() -> fetch(new TinyRelease.Truncated("mirror")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mirror: the source sent a damaged train-images-idx3-ubyte: it is truncated");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("names every source with its failure if all fail")
    void namesWhatItTried() {
        assertThatThrownBy(() -> fetch(new TinyRelease.Unreachable("registry"), new TinyRelease.Unreachable("mirror")))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot fetch tiny (registry: no route to host; mirror: no route to host); download"
                        + " train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz,"
                        + " t10k-labels-idx1-ubyte.gz by other means and put it into " + folder);
    }

    @Test
    @DisplayName("lists the known datasets")
    void refusesUnknownNames() {
        assertThatThrownBy(() -> Fetcher.standard().fetch("imagenet", folder, view))
                .isInstanceOf(DatasetException.class)
                .hasMessage("cannot fetch 'imagenet': choose one of fashion-mnist, mnist, svhn, cifar10, cifar100,"
                        + " tiny-imagenet, imagenette");
    }

    @Test
    @DisplayName("refuses a dataset that does not fit on the disk, and says how to choose another folder")
    void refusesFullDisk() {
        ReleaseFile huge = ReleaseFile.asPublished("huge", 1L << 60, "0");
        Fetcher fetcher = new Fetcher(
                List.of(new DatasetRelease("tiny", List.of(huge), List.of(new TinyRelease.Intact("registry")))));

        assertThatThrownBy(() -> fetcher.fetch("tiny", folder, view))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("free space, or name another folder with REVERIE_DATA, or with --to of fetch");
    }

    private Optional<String> fetch(DatasetRelease.Source... sources) throws IOException {
        return new Fetcher(List.of(TinyRelease.from(sources))).fetch("tiny", folder, view);
    }
}
