package dev.reverie.lab.documentation;

import dev.reverie.deploy.PythonClient;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.replay.ImageSamples;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.published.MnistFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A fresh folder with the files that the documentation assumes: the launcher and other files of a checkout, a
 * Fashion-MNIST of a few images, and files of the reader.
 */
final class RehearsalFolder {

    private static final int SIDE = 28;
    private static final int PIXELS = SIDE * SIDE;
    private static final int CLASSES = 10;
    /** Number of images with which a class can learn ten stored images of four cells each. */
    private static final int TRAIN = 48;

    private static final int TEST = 2;
    /** Files of the checkout that the documentation names. */
    private static final List<String> CHECKOUT = List.of(
            "monitoring/src/main/prometheus/prometheus.yml", "monitoring/src/main/prometheus/reverie-alerts.yml");

    private final Path path;
    private final SplittableRandom random = new SplittableRandom(7);

    private RehearsalFolder(Path path) {
        this.path = path;
    }

    static RehearsalFolder in(Path path) throws IOException {
        RehearsalFolder folder = new RehearsalFolder(path);
        for (String name : CHECKOUT) {
            Files.createDirectories(path.resolve(name).getParent());
            Files.copy(Page.ROOT.resolve(name), path.resolve(name));
        }
        PythonClient.copyTo(path.resolve("clients/python"));
        folder.writeLauncher();
        folder.writeDataset(folder.data().resolve("fashion-mnist"));
        folder.writeReadersFiles();
        return folder;
    }

    Path path() {
        return path;
    }

    /** The folder of the datasets. */
    Path data() {
        return path.resolve("data");
    }

    /** Returns the running services that the launcher of the rehearsal has started and not yet ended. */
    Stream<ProcessHandle> services() throws IOException {
        List<String> ids = new ArrayList<>();
        if (Files.exists(path.resolve("service.shell"))) { // the launcher removes it when the service has ended
            ids.addAll(Files.readAllLines(path.resolve("service.pid")));
        }
        if (Files.exists(path.resolve("nodes.pid"))) {
            ids.addAll(Files.readAllLines(path.resolve("nodes.pid")));
        }
        return ids.stream().flatMap(id -> ProcessHandle.of(Long.parseLong(id)).stream());
    }

    private void writeLauncher() throws IOException {
        Path launcher = path.resolve("reverie");
        try (InputStream script = RehearsalFolder.class.getResourceAsStream("reverie")) {
            Files.copy(Objects.requireNonNull(script, "the launcher of the rehearsal"), launcher);
        }
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void writeDataset(Path home) throws IOException {
        Files.createDirectories(home);
        Files.write(home.resolve(MnistFile.TRAIN_IMAGES.fileName()), images(TRAIN));
        Files.write(home.resolve(MnistFile.TRAIN_LABELS.fileName()), labels(TRAIN));
        Files.write(home.resolve(MnistFile.TEST_IMAGES.fileName()), images(TEST));
        Files.write(home.resolve(MnistFile.TEST_LABELS.fileName()), labels(TEST));
    }

    private byte[] images(int ofEach) {
        int count = ofEach * CLASSES;
        ByteBuffer content = ByteBuffer.allocate(4 * Integer.BYTES + count * PIXELS);
        content.putInt(0x803).putInt(count).putInt(SIDE).putInt(SIDE);
        for (int i = 0; i < count; i++) {
            content.put(picture(i % CLASSES));
        }
        return content.array();
    }

    private static byte[] labels(int ofEach) {
        int count = ofEach * CLASSES;
        ByteBuffer content = ByteBuffer.allocate(2 * Integer.BYTES + count);
        content.putInt(0x801).putInt(count);
        for (int i = 0; i < count; i++) {
            content.put((byte) (i % CLASSES));
        }
        return content.array();
    }

    /** A bright bar over noise; its height depends on the class. */
    private byte[] picture(int label) {
        byte[] levels = new byte[PIXELS];
        random.nextBytes(levels);
        for (int i = 0; i < PIXELS; i++) {
            boolean inBar = i / SIDE / 2 == label + 2;
            levels[i] = (byte) ((levels[i] & 0x3f) + (inBar ? 0xc0 : 0));
        }
        return levels;
    }

    private void writeReadersFiles() throws IOException {
        TinyImageFolder.writeTo(path.resolve("photos"));
        Files.createFile(Files.createDirectories(path.resolve("etc/reverie")).resolve("reverie.conf"));
        for (String name : List.of("sandal.png", "cat.png", "ROOT/cat/1.png", "ROOT/dog/1.png")) {
            writePng(path.resolve(name));
        }
        byte[] batch = ImageSamples.of(List.of(image(), image()), List.of("cat", "dog"))
                .toNpz();
        Files.write(path.resolve("batch.npz"), batch);
        String encoded = Base64.getEncoder().encodeToString(Files.readAllBytes(path.resolve("ROOT/dog/1.png")));
        Files.writeString(path.resolve("lines.ndjson"), "{\"label\": \"dog\", \"image\": \"%s\"}%n".formatted(encoded));
    }

    private Image image() {
        return Image.of(new ImageShape(1, SIDE, SIDE), picture(0));
    }

    private void writePng(Path file) throws IOException {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setDataElements(0, 0, SIDE, SIDE, picture(5));
        Files.createDirectories(file.getParent());
        ImageIO.write(picture, "png", file.toFile());
    }
}
