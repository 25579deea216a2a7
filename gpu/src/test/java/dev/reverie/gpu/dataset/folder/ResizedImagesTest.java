package dev.reverie.gpu.dataset.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Images that are resized")
class ResizedImagesTest {

    private static final Resizing FOUR_BY_FOUR = new Resizing(new TargetSize(4, 4), Resizing.Fit.CROP);

    private Path root;
    private Path home;
    private LeftOut leftOut = new LeftOut(false);

    @BeforeEach
    void writeTwoClasses(@TempDir Path pictures, @TempDir Path cache) throws IOException {
        root = pictures;
        home = cache;
        write("train/cat/1.png", 10);
        write("train/cat/2.png", 20);
        write("train/dog/1.png", 30);
        write("test/dog/1.png", 40);
    }

    @Test
    @DisplayName("come from the cache after they have been read once")
    void comeFromTheCache() throws IOException {
        load();
        FileTime written = Files.getLastModifiedTime(root.resolve("train/cat/2.png"));

        writeKeepingItsSize("train/cat/2.png", written);

        assertThat(levels(load())).containsExactly(10, 20, 30);
    }

    @Test
    @DisplayName("are decoded again when their file has changed, or another file has moved to its place")
    void areDecodedAgain() throws IOException {
        load();

        write("train/cat/2.png", 99);
        Files.setLastModifiedTime(
                root.resolve("train/cat/2.png"), FileTime.from(Instant.now().plusSeconds(60)));
        write("train/cat/0.png", 5);

        assertThat(levels(load())).containsExactly(5, 10, 99, 30);
    }

    @Test
    @DisplayName("are decoded again when their cache was damaged or written in part")
    void survivesDamage() throws IOException {
        load();
        Path cached = onlyCache();
        byte[] content = Files.readAllBytes(cached);

        for (int i = 0; i < content.length; i++) {
            byte[] damaged = content.clone();
            damaged[i] ^= 0x40;
            Files.write(cached, damaged);

            assertThat(levels(load())).containsExactly(10, 20, 30);
        }
        Files.write(cached, new byte[] {1, 2, 3});
        assertThat(levels(load())).containsExactly(10, 20, 30);
    }

    @Test
    @DisplayName(
            "are not read before they are needed, beyond the sample that decides colour and normalisation; another image of the class stands in for one that turns out to be damaged")
    void areReadOnDemand() throws IOException {
        for (int i = 0; i < 4000; i++) {
            Files.createLink(root.resolve("train/dog/link-" + i + ".png"), root.resolve("train/dog/1.png"));
        }
        Path damaged = root.resolve("train/dog/link-3999.png");
        Files.delete(damaged);
        Files.write(damaged, new byte[] {1, 2, 3});
        List<Integer> reads = new ArrayList<>();

        Dataset dataset = load((done, total) -> reads.add(total - done));

        assertThat(reads).hasSize(2000).last().isEqualTo(0);
        assertThat(dataset.train()).hasSize(4003);
        assertThat(leftOut.summary().first()).isEmpty();
        assertThat(levels(dataset).subList(2, 4003)).containsOnly(30);
        assertThat(levels(dataset)).hasSize(4003);
        assertThat(leftOut.summary().first())
                .singleElement()
                .asString()
                .startsWith(damaged + " is no picture in a known format");
    }

    @Test
    @DisplayName("of which all of a class are damaged leave the class out, and come back with a drive that was away")
    void leavesOutUnreadableClasses() throws IOException {
        write("train/ant/1.png", 1);
        Files.write(root.resolve("train/ant/1.png"), new byte[] {1});

        Dataset dataset = load();

        assertThat(dataset.classNames()).containsExactly("cat", "dog");
        assertThat(leftOut.summary().classes()).isEqualTo(1);

        // and when
        home = Files.writeString(home.resolve("file"), "no folder for a cache");
        dataset = load();
        Image image = dataset.train().getLast().image();
        Path away = Files.move(root.resolve("train"), root.resolve("away"));

        assertThatThrownBy(image::values)
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(
                        root.resolve("train/dog/1.png") + " and the other images of its class cannot be read");
        Files.move(away, root.resolve("train"));
        assertThat(image.level(7)).isEqualTo(30);
    }

    @Test
    @DisplayName("end the command with --strict if one of them is damaged")
    void strict() throws IOException {
        leftOut = new LeftOut(true);
        Files.write(root.resolve("train/dog/1.png"), new byte[] {1});

        assertThatThrownBy(this::load)
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("dog/1.png is no picture in a known format");
    }

    @Test
    @DisplayName("are decoded whenever they are needed if the cache cannot be written")
    void needsNoCache() throws IOException {
        home = Files.writeString(home.resolve("file"), "not a folder");
        Dataset dataset = load();

        write("train/cat/1.png", 11);

        assertThat(levels(dataset)).containsExactly(11, 20, 30);
    }

    @Test
    @DisplayName("are identified by the names of their files, not by their levels")
    void areIdentifiedByTheirFiles() throws IOException {
        long before = checksum(load());

        Files.setLastModifiedTime(root.resolve("train/cat/2.png"), FileTime.from(Instant.EPOCH));

        assertThat(checksum(load())).isEqualTo(before);

        // and when
        Files.move(root.resolve("train/cat/2.png"), root.resolve("train/cat/3.png"));

        assertThat(checksum(load())).isNotEqualTo(before);
    }

    @Test
    @DisplayName("of a folder that no longer exists leave the disk")
    void deletesObsoleteCaches() throws IOException {
        load();
        Path cached = onlyCache();
        Path moved = home.resolve("elsewhere");
        Files.move(root.resolve("train"), Files.createDirectories(moved).resolve("train"));
        Files.move(root.resolve("test"), moved.resolve("test"));
        Files.delete(root);

        root = moved;
        assertThat(levels(load())).containsExactly(10, 20, 30);

        assertThat(cached).doesNotExist();
    }

    @Test
    @DisplayName("of other classes have a cache of their own")
    void keepsCachesApart() throws IOException {
        load();
        FileTime written = Files.getLastModifiedTime(root.resolve("train/dog/1.png"));
        writeKeepingItsSize("train/dog/1.png", written);
        write("train/bird/1.png", 70);
        write("train/bird/2.png", 80);

        Dataset birds = load(List.of("bird", "cat"), LoadProgress.NONE);

        assertThat(levels(birds)).containsExactly(70, 80, 10, 20);
        Files.delete(root.resolve("train/bird/1.png"));
        Files.delete(root.resolve("train/bird/2.png"));
        Files.delete(root.resolve("train/bird"));
        assertThat(levels(load())).containsExactly(10, 20, 30);
    }

    @Test
    @DisplayName("outside the sample are converted to its number of channels")
    void convertsOthers() throws IOException {
        for (int i = 0; i < 4000; i++) {
            Files.createLink(root.resolve("train/dog/link-" + i + ".png"), root.resolve("train/dog/1.png"));
        }
        BufferedImage colour = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        colour.setRGB(0, 0, 8, 8, IntStream.generate(() -> 0xff0000).limit(64).toArray(), 0, 8);
        Path outside = root.resolve("train/dog/link-3999.png");
        Files.delete(outside);
        ImageIO.write(colour, "png", outside.toFile());

        Dataset dataset = load();

        assertThat(dataset.shape().channels()).isEqualTo(1);
        assertThat(levels(dataset)).contains((int) Math.round(0.299 * 255));
    }

    @Test
    @DisplayName("keep their cache when those of another folder are opened, whatever other files are there")
    void keepsOtherCaches() throws IOException {
        load();
        Path cached = onlyCache();
        Path foreign = Files.createDirectories(home.resolve("resized/foreign"));
        Files.writeString(foreign.resolve("source"), "/no/such/folder");
        Files.write(Files.createDirectories(home.resolve("resized/damaged")).resolve("source"), new byte[] {0, -1});
        Path other = home.resolve("other");
        Path before = root;

        root = other;
        write("train/cat/1.png", 1);
        write("train/dog/1.png", 2);
        write("test/dog/1.png", 3);
        load();

        root = before;
        assertThat(cached).exists();
        assertThat(foreign.resolve("source")).exists();
        assertThat(levels(load())).containsExactly(10, 20, 30);
    }

    private Path onlyCache() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("resized"))) {
            return files.filter(file -> file.endsWith("4x4-crop")).findFirst().orElseThrow();
        }
    }

    private Dataset load() {
        return load(LoadProgress.NONE);
    }

    private Dataset load(LoadProgress progress) {
        return load(List.of(), progress);
    }

    private Dataset load(List<String> classes, LoadProgress progress) {
        return new FolderDataset(root, classes, Optional.of(FOUR_BY_FOUR), Optional.empty(), leftOut)
                .load("folder:pictures", new DataHome(home), progress);
    }

    private static List<Integer> levels(Dataset dataset) {
        return dataset.train().stream().map(sample -> sample.image().level(7)).toList();
    }

    private static long checksum(Dataset dataset) {
        CRC32C checksum = new CRC32C();
        dataset.train().forEach(sample -> sample.image().addTo(checksum));
        return checksum.getValue();
    }

    /** Replaces a picture by bytes that are no picture, of the same size and time. */
    private void writeKeepingItsSize(String name, FileTime time) throws IOException {
        Path file = root.resolve(name);
        Files.write(file, ByteBuffer.allocate((int) Files.size(file)).array());
        Files.setLastModifiedTime(file, time);
    }

    private void write(String name, int level) throws IOException {
        BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        int[] levels = IntStream.generate(() -> level).limit(64).toArray();
        picture.getRaster().setSamples(0, 0, 8, 8, 0, levels);
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        assertThat(ImageIO.write(picture, "png", file.toFile())).isTrue();
    }
}
