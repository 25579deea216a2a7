package dev.reverie.gpu.dataset.folder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LoadProgress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("With --strict, a dataset in a folder")
class RefusedFolderDatasetTest {

    private Path root;
    private PictureFolder pictures;

    @BeforeEach
    void writeTwoClasses(@TempDir Path folder) {
        root = folder;
        pictures = PictureFolder.withTwoClasses(folder);
    }

    @Test
    @DisplayName("refuses images of different sizes")
    void refusesOtherSizes() {
        pictures.write("train/dog/3.png", PictureFolder.grey(6, 8, 0));

        assertRefused("3.png is 6x8 pixels (width x height), but the images before it are 8x6: bring"
                + " all images to one size with --resize WxH");
    }

    @Test
    @DisplayName("refuses PNG and JPEG files that lack pixels")
    void refusesTruncatedPictures() {
        byte[] png = greyPng();
        pictures.write("train/dog/3.png", Arrays.copyOf(png, png.length - 1));
        assertRefused("3.png is a truncated PNG: its last chunk, IEND, is missing");

        pictures.write("train/dog/3.png", png);
        byte[] jpeg = colourJpeg();
        pictures.write("train/dog/4.jpg", Arrays.copyOf(jpeg, jpeg.length - 6));
        assertRefused("4.jpg cannot be decoded: it is damaged");
    }

    @Test
    @DisplayName("refuses a PNG with damage in the middle")
    void refusesDamagedPictures() {
        byte[] png = greyPng();
        for (int i = 41; i < 47; i++) {
            png[i] ^= 0x55;
        }
        pictures.write("train/dog/3.png", png);

        assertRefused("3.png is a damaged PNG: the checksum of a chunk does not match");
    }

    @Test
    @DisplayName("refuses a file that is no picture")
    void refusesOtherFiles() {
        pictures.write("train/dog/3.png", new byte[] {'<', 's', 'v', 'g', '>', 0, 0, 0, 0});
        assertRefused("3.png is no picture in a known format");

        pictures.write("train/dog/3.png", new byte[0]);
        assertRefused("3.png is empty");

        pictures.write("train/dog/3.png", greyPng());
        pictures.write("train/dog/notes.txt", new byte[] {1});
        assertRefused("notes.txt is no picture");
    }

    @Test
    @DisplayName("refuses an image whose header declares an enormous size, without decoding it")
    void refusesBombs() {
        byte[] png = greyPng();
        ByteBuffer.wrap(png).putInt(16, 30_000).putInt(20, 30_000);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        pictures.write("train/dog/3.png", png);

        assertRefused("3.png has 30000x30000 pixels");
    }

    @Test
    @DisplayName("names the folder that is missing, empty or without a counterpart")
    void refusesAnotherLayout() throws IOException {
        Files.createDirectories(root.resolve("train/bird"));
        assertRefused("the class 'bird' has no images to train with");

        Files.delete(root.resolve("train/bird"));
        pictures.write("test/fish/1.png", PictureFolder.grey(8, 6, 1));
        assertRefused("the class 'fish' has no images to train with");

        Path nowhere = root.resolve("nowhere");
        assertThatThrownBy(() -> load(nowhere))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("there is no folder " + nowhere);
        assertThatThrownBy(() -> load(Files.createDirectory(nowhere)))
                .hasMessageContaining(nowhere + " has no images in folders with the names of their classes");
        Files.createDirectory(nowhere.resolve("val"));
        assertThatThrownBy(() -> load(nowhere)).hasMessageContaining("there is no folder " + nowhere.resolve("train"));
    }

    @Test
    @DisplayName("refuses images that are not in subfolders")
    void refusesMissingClasses() throws IOException {
        Files.move(root.resolve("test/cat/1.png"), root.resolve("test/1.png"));
        Files.delete(root.resolve("test/cat"));

        assertRefused(root.resolve("test/1.png") + " is in no folder with the name of its class");
    }

    private static byte[] greyPng() {
        return PictureFolder.encoded(PictureFolder.grey(8, 6, 1), "png");
    }

    private static byte[] colourJpeg() {
        return PictureFolder.encoded(PictureFolder.rgb(8, 6, 1), "jpg");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(this::load).isInstanceOf(DatasetException.class).hasMessageContaining(message);
    }

    private Dataset load() {
        return load(root);
    }

    /** Needs no real cache, because pictures that are not resized are not cached. */
    private static Dataset load(Path folder) {
        return new FolderDataset(folder, List.of(), Optional.empty(), Optional.empty(), new LeftOut(true))
                .load("folder:" + folder, new DataHome(folder.resolve("cache")), LoadProgress.NONE);
    }
}
