package dev.reverie.gpu.dataset.folder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A dataset in a folder")
class FolderDatasetTest {

    private static final int GREY_100 = 0x646464;
    private static final Resizing EIGHT_BY_FOUR = new Resizing(new TargetSize(8, 4), Resizing.Fit.CROP);

    private Path root;
    private Path cache;
    private PictureFolder pictures;
    private final LeftOut leftOut = new LeftOut(false);

    @BeforeEach
    void writeTwoClasses(@TempDir Path folder, @TempDir Path home) {
        root = folder;
        cache = home;
        pictures = PictureFolder.withTwoClasses(folder);
    }

    @Test
    @DisplayName("takes the classes from the sorted folders and reads grey images as one channel")
    void readsGreyPictures() {
        Dataset dataset = load();

        assertThat(dataset.classNames()).containsExactly("cat", "dog");
        assertThat(dataset.shape()).isEqualTo(new ImageShape(1, 6, 8));
        assertThat(dataset.train()).extracting(LabelledImage::label).containsExactly(0, 1, 1);
        assertThat(dataset.train().get(1).image().level(0)).isEqualTo(100);
        assertThat(dataset.test())
                .singleElement()
                .extracting(LabelledImage::label)
                .isEqualTo(0);
    }

    @Test
    @DisplayName("computes mean and deviation from the training images")
    void measuresTheNormalisation() {
        Normalisation normalisation = load().normalisation();

        assertThat(normalisation.mean().getFirst()).isCloseTo(50 / 255.0, within(1e-12));
        assertThat(normalisation.std().getFirst()).isCloseTo(Math.sqrt(5000 / 3.0) / 255.0, within(1e-12));
    }

    @Test
    @DisplayName("converts all images to RGB, channel-first, if one image has colour")
    void widensToColour() {
        pictures.write("train/cat/2.png", PictureFolder.rgb(8, 6, 0x102030));

        Dataset dataset = load();

        assertThat(dataset.shape()).isEqualTo(new ImageShape(3, 6, 8));
        Image colour = dataset.train().get(1).image();
        assertThat(new int[] {colour.level(0), colour.level(48), colour.level(96)})
                .containsExactly(16, 32, 48);
        Image grey = dataset.train().get(2).image();
        assertThat(new int[] {grey.level(0), grey.level(48), grey.level(143)}).containsOnly(100);
    }

    @Test
    @DisplayName("reads JPEG files with either extension")
    void readsJpeg() {
        pictures.write("train/cat/2.jpg", PictureFolder.encoded(PictureFolder.rgb(8, 6, GREY_100), "jpg"));
        pictures.write("train/cat/3.JPEG", PictureFolder.encoded(PictureFolder.rgb(8, 6, GREY_100), "jpg"));

        assertThat(load().train()).hasSize(5);
        assertThat(load().train().get(1).image().level(0)).isBetween(98, 102);
    }

    @Test
    @DisplayName("takes a picture in spite of the extension of another format")
    void believesTheContent() {
        pictures.write("train/cat/2.png", PictureFolder.encoded(PictureFolder.rgb(8, 6, GREY_100), "jpg"));

        assertThat(load().train()).hasSize(4);
        assertThat(leftOut.summary().first()).isEmpty();
    }

    @Test
    @DisplayName("skips hidden files and folders")
    void ignoresHiddenFiles() {
        pictures.write("train/cat/.DS_Store", new byte[] {1});
        pictures.write("train/.cache/1.png", PictureFolder.grey(8, 6, 1));

        assertThat(load().classNames()).containsExactly("cat", "dog");
        assertThat(load().train()).hasSize(3);
        assertThat(leftOut.summary().first()).isEmpty();
    }

    @Test
    @DisplayName("counts and names what it leaves out: other files, unreadable pictures, classes without any")
    void leavesOut() throws IOException {
        byte[] whole = PictureFolder.encoded(PictureFolder.grey(8, 6, 1), "png");
        pictures.write("train/cat/Thumbs.db", new byte[] {1});
        pictures.write("train/README.md", new byte[] {2});
        pictures.write("train/dog/3.png", Arrays.copyOf(whole, whole.length - 1));
        pictures.write("train/dog/4.webp", new byte[] {3});
        pictures.write("train/lost.png", whole);
        pictures.write("train/ant/1.png", new byte[0]);
        pictures.write("test/fish/1.png", whole);
        Files.createDirectories(root.resolve("train/bird"));

        Dataset dataset = load();

        assertThat(dataset.classNames()).containsExactly("cat", "dog");
        assertThat(dataset.train()).extracting(LabelledImage::label).containsExactly(0, 1, 1);
        assertThat(dataset.test()).extracting(LabelledImage::label).containsExactly(0);
        LeftOut.Summary summary = leftOut.summary();
        assertThat(List.of(summary.files(), summary.pictures(), summary.classes()))
                .containsExactly(2, 4, 3);
        assertThat(summary.first())
                .contains(
                        path("train/cat/Thumbs.db") + " is no picture: convert or remove it",
                        path("train/README.md") + " is no picture: convert or remove it",
                        path("train/lost.png") + " is in no folder with the name of its class")
                .anyMatch(sentence -> sentence.startsWith(path("train/ant/1.png") + " is empty"))
                .anyMatch(sentence -> sentence.startsWith(path("train/dog/3.png") + " is a truncated PNG"))
                .anyMatch(sentence -> sentence.startsWith(path("train/dog/4.webp") + " is "))
                .filteredOn(sentence -> sentence.contains("no images to train with"))
                .extracting(sentence -> sentence.split("'", -1)[1])
                .containsExactly("bird", "fish", "ant");
    }

    @Test
    @DisplayName("counts everything that it leaves out, but names only the first 20")
    void namesTheFirst() {
        IntStream.range(0, 30).forEach(i -> pictures.write("train/cat/" + i + ".txt", new byte[] {1}));

        load();

        assertThat(leftOut.summary().files()).isEqualTo(30);
        assertThat(leftOut.summary().first()).hasSize(20);
    }

    @Test
    @DisplayName("takes pictures in deeper folders as images of the class")
    void readsDeeperFolders() {
        pictures.write("train/cat/2019/may/1.png", PictureFolder.grey(8, 6, 7));

        assertThat(load().train()).extracting(LabelledImage::label).containsExactly(0, 0, 1, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train/metadata.csv   | file_name,label;1.png,ape;./b/2.png,'bee, honey'",
                "metadata.csv         | split,label,file;train,ape,train/1.png;train,'bee, honey',train/b/2.png",
                "train/metadata.jsonl | {'file_name':'1.png','label':'ape'};{'file_name':'b/2.png','label':'bee, honey','n':1}",
            })
    @DisplayName("takes the labels from a table with the file and the label of each picture")
    void readsATable(String name, String rows, @TempDir Path folder) {
        PictureFolder labelled = new PictureFolder(folder);
        labelled.write("train/1.png", PictureFolder.grey(8, 6, 1));
        labelled.write("train/b/2.png", PictureFolder.grey(8, 6, 2));
        labelled.write("train/b/3.png", PictureFolder.grey(8, 6, 3));
        labelled.write("train/notes.csv", "size,weight\n1,2\n".getBytes(UTF_8));
        labelled.write(name, rows.replace(';', '\n').replace('\'', '"').getBytes(UTF_8));

        FolderFiles files = new FolderDataset(folder, List.of(), Optional.empty(), Optional.of(0.0), leftOut)
                .files(LoadProgress.NONE);

        assertThat(files.classNames()).containsExactly("ape", "bee, honey");
        assertThat(files.train()).extracting(PictureFile::label).containsExactly(0, 1);
        assertThat(leftOut.summary().first())
                .containsExactlyInAnyOrder(
                        folder.resolve("train/b/3.png") + " has no label in " + folder.resolve(name),
                        folder.resolve("train/notes.csv") + " is no picture: convert or remove it");
    }

    @Test
    @DisplayName("refuses tables that contradict each other or themselves, and never leaves the folder")
    void refusesTables() throws IOException {
        Files.copy(root.resolve("train/cat/1.png"), root.resolve("outside.png"));
        pictures.write("train/metadata.csv", "file_name,label\ncat/1.png,ape\n../outside.png,ape\n".getBytes(UTF_8));

        assertThat(load().train()).hasSize(1);
        pictures.write("train/a.csv", "file,label\ncat/1.png,ape\n".getBytes(UTF_8));
        assertThatThrownBy(this::load)
                .hasMessage(path("train/a.csv") + " and " + path("train/metadata.csv")
                        + " both give labels to pictures: keep one of them");
        Files.delete(root.resolve("train/a.csv"));
        pictures.write("train/metadata.csv", "file_name,label\ncat/1.png,ape\ncat/1.png,bee\n".getBytes(UTF_8));
        assertThatThrownBy(this::load)
                .hasMessage(path("train/metadata.csv")
                        + " gives cat/1.png two labels, 'ape' and 'bee': remove one of the lines");
    }

    @Test
    @DisplayName("resizes images of any sizes, larger or smaller, and makes grey ones RGB beside colour")
    void resizesMixedSizes() {
        pictures.write("train/dog/3.png", PictureFolder.rgb(20, 5, GREY_100));

        Dataset dataset = resized();

        assertThat(dataset.shape()).isEqualTo(new ImageShape(3, 4, 8));
        assertThat(dataset.train())
                .extracting(sample -> sample.image().level(0))
                .containsExactly(0, 100, 50, 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"val", "valid", "validation"})
    @DisplayName("takes test images from val, valid or validation, too")
    void readsValidationImages(String name) {
        pictures.write(name + "/dog/1.png", PictureFolder.grey(8, 6, 7));

        assertThat(load().test()).extracting(LabelledImage::label).containsExactly(0, 1);
    }

    @Test
    @DisplayName("reads only the chosen classes, in the given order")
    void readsChosenClasses() {
        pictures.write("train/bird/1.png", PictureFolder.grey(8, 6, 7));
        pictures.write("test/dog/1.png", PictureFolder.grey(8, 6, 8));

        Dataset dataset = load(List.of("dog", "bird"), Optional.empty());

        assertThat(dataset.classNames()).containsExactly("dog", "bird");
        assertThat(dataset.train()).extracting(LabelledImage::label).containsExactly(0, 0, 1);
        assertThat(dataset.test()).extracting(LabelledImage::label).containsExactly(0);
        assertThatThrownBy(() -> load(List.of("dog", "fish"), Optional.empty()))
                .hasMessage("there is no class 'fish' in " + root.resolve("train") + ": choose from bird, cat, dog");
    }

    @Test
    @DisplayName("tells how many files it has found before it reads the first one")
    void tellsOfTheListing() {
        List<String> told = new ArrayList<>();
        LoadProgress progress = new LoadProgress() {
            @Override
            public void found(int files) {
                told.add("found " + files);
            }

            @Override
            public void read(int done, int total) {
                told.add("read " + done + "/" + total);
            }
        };

        new FolderDataset(root, List.of(), Optional.empty(), Optional.empty(), leftOut)
                .load("folder:" + root, new DataHome(cache), progress);

        assertThat(told)
                .containsExactly(
                        "found 1", "found 2", "found 3", "found 4", "read 1/4", "read 2/4", "read 3/4", "read 4/4");
    }

    private String path(String name) {
        return root.resolve(name).toString();
    }

    private Dataset load() {
        return load(List.of(), Optional.empty());
    }

    private Dataset resized() {
        return load(List.of(), Optional.of(EIGHT_BY_FOUR));
    }

    private Dataset load(List<String> classes, Optional<Resizing> resizing) {
        return new FolderDataset(root, classes, resizing, Optional.empty(), leftOut)
                .load("folder:" + root, new DataHome(cache), LoadProgress.NONE);
    }
}
