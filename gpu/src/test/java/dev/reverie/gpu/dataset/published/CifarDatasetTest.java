package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("CIFAR")
class CifarDatasetTest {

    @TempDir
    private Path folder = Path.of("");

    static Stream<Arguments> versions() {
        return Stream.of(
                Arguments.of("cifar10", "cifar-10-binary.tar.gz", CifarFixture.tenBinary()),
                Arguments.of("cifar10", "cifar-10-python.tar.gz", CifarFixture.tenPickled()),
                Arguments.of("cifar100", "cifar-100-binary.tar.gz", CifarFixture.hundredBinary()),
                Arguments.of("cifar100", "cifar-100-python.tar.gz", CifarFixture.hundredPickled()));
    }

    @ParameterizedTest
    @MethodSource("versions")
    @DisplayName("is read from the published archive in any order of its files")
    void readsArchives(String name, String archive, Map<String, byte[]> files) {
        CifarFixture.pack(files, folder.resolve(archive));

        assertIsTheFixture(Datasets.load(name, Optional.of(folder)), name);
        assertIsTheFixture(Datasets.load(name, Optional.of(folder.resolve(archive))), name);
    }

    @ParameterizedTest
    @MethodSource("versions")
    @DisplayName("is read from the unpacked folder and from its parent folder")
    void readsFolders(String name, String archive, Map<String, byte[]> files) {
        CifarFixture.unpack(files, folder);
        String path = files.keySet().iterator().next();
        Path inner = folder.resolve(path.substring(0, path.indexOf('/')));

        assertIsTheFixture(Datasets.load(name, Optional.of(folder)), name);
        assertIsTheFixture(Datasets.load(name, Optional.of(inner)), name);
    }

    private static void assertIsTheFixture(Dataset dataset, String name) {
        boolean ten = name.equals("cifar10");
        assertThat(dataset.name()).isEqualTo(name);
        assertThat(dataset.shape()).isEqualTo(new ImageShape(3, 32, 32));
        assertThat(dataset.classNames()).isEqualTo(ten ? CifarFixture.TEN : CifarFixture.HUNDRED);
        assertThat(dataset.normalisation())
                .isEqualTo(new Normalisation(List.of(0.4914, 0.4822, 0.4465), List.of(0.2023, 0.1994, 0.2010)));
        assertThat(dataset.train())
                .extracting(LabelledImage::label)
                .isEqualTo(IntStream.range(0, ten ? 10 : 100).boxed().toList());
        assertThat(dataset.test())
                .extracting(LabelledImage::label)
                .isEqualTo(ten ? List.of(9, 0, 9, 0) : List.of(99, 50));
        Image second = dataset.train().get(1).image();
        assertThat(new int[] {second.level(5), second.level(1024 + 31), second.level(1024 + 32), second.level(2048)})
                .as("red of the second image, green in its first and second row, blue")
                .containsExactly(1, 100, 0, 200);
    }

    @Test
    @DisplayName("is read from the binary version if the folder has both archives")
    void prefersBinary() {
        CifarFixture.pack(CifarFixture.tenBinary(), folder.resolve("cifar-10-binary.tar.gz"));
        CifarFixture.write(folder.resolve("cifar-10-python.tar.gz"), new byte[] {'<'});

        assertIsTheFixture(Datasets.load("cifar10", Optional.of(folder)), "cifar10");
    }

    @Nested
    @DisplayName("is refused, in one sentence,")
    class Refusals {

        @Test
        @DisplayName("when its files are missing")
        void missing() {
            assertRefused(
                    "cifar10",
                    "cifar-10-binary.tar.gz (or cifar-10-python.tar.gz, or its folder) of cifar10 is not in " + folder
                            + ": get it with 'reverie fetch cifar10 --to " + folder
                            + "', or name its folder with --data");
        }

        static Stream<Arguments> files() {
            String batch = "cifar-10-batches-bin/data_batch_5.bin";
            String names = "cifar-10-batches-bin/batches.meta.txt";
            String pickle = "cifar-10-batches-py/data_batch_3";
            String anotherSize = " is truncated or of another dataset: its size is not a multiple of 3073 bytes";
            return Stream.of(
                    Arguments.of(
                            batch,
                            CifarFixture.records(2, 0, 1),
                            batch + " is damaged or of another dataset: label 200 at position 1"),
                    Arguments.of(batch, CifarFixture.records(2, 0), batch + anotherSize),
                    Arguments.of(
                            batch,
                            CifarFixture.records(1, 3, 10),
                            " label 10 at position 1, but the classes are 0 to 9"),
                    Arguments.of(batch, Arrays.copyOf(CifarFixture.records(1, 8, 9), 4000), anotherSize),
                    Arguments.of(batch, new byte[0], batch + " is truncated"),
                    Arguments.of(batch, CifarFixture.records(1, 8, 8), "has no training image of class truck"),
                    Arguments.of(names, latin1("cat\ndog\n"), "names 2 classes, but cifar10 has 10"),
                    Arguments.of(names, latin1("caf\u00e9\n"), "batches.meta.txt: it is not text in UTF-8"),
                    Arguments.of(
                            pickle,
                            latin1("\u0080\2cos\nsystem\n(U\2idtR."),
                            pickle + " is a pickle that refers to os.system: it may contain only"),
                    Arguments.of(
                            pickle,
                            PythonTwo.batch("labels", List.of(1, 2), new byte[2 * 28 * 28]),
                            pickle + " has rows of 784 bytes instead of 3072"),
                    Arguments.of(
                            pickle,
                            PythonTwo.batch("labels", List.of(1), 2, new byte[2 * 3072]),
                            pickle + " contains 2 images but 1 labels"),
                    Arguments.of(
                            pickle,
                            CifarFixture.pickled("labels", 1, 10),
                            pickle + " is damaged or of another dataset: label 10 at position 1"));
        }

        private static byte[] latin1(String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }

        @ParameterizedTest(name = "{2}")
        @MethodSource
        @DisplayName("when a file is damaged, or of another dataset")
        void files(String file, byte[] content, String message) {
            boolean isPickled = file.startsWith("cifar-10-batches-py");
            CifarFixture.unpack(isPickled ? CifarFixture.tenPickled() : CifarFixture.tenBinary(), folder);
            CifarFixture.write(folder.resolve(file), content);

            assertRefused("cifar10", message);
        }

        @Test
        @DisplayName("when a file is missing")
        void incomplete() throws IOException {
            CifarFixture.unpack(CifarFixture.tenBinary(), folder);
            Files.delete(ten("data_batch_5.bin"));
            assertRefused("cifar10", " is incomplete: it does not contain data_batch_5.bin");

            Files.delete(ten("batches.meta.txt"));
            assertRefused("cifar10", "names 0 classes, but cifar10 has 10");
        }

        @Test
        @DisplayName("when its archive is truncated or damaged")
        void damagedArchives() {
            byte[] archive = Archives.tarGz(CifarFixture.tenBinary());
            Path file = folder.resolve("cifar-10-binary.tar.gz");
            CifarFixture.write(file, Arrays.copyOf(archive, archive.length / 2));
            assertRefused("cifar10", file.toString());

            CifarFixture.write(file, Arrays.copyOf(archive, archive.length - 1));
            assertRefused("cifar10", "cannot read " + file + ": it is truncated");

            archive[archive.length - 6] ^= 1; // of the checksum
            CifarFixture.write(file, archive);
            assertRefused("cifar10", "cannot read " + file + ": Corrupt GZIP trailer");

            CifarFixture.write(file, "<html>log in".getBytes(StandardCharsets.UTF_8));
            assertRefused("cifar10", "cannot read " + file + ": Not in GZIP format");
        }

        @Test
        @DisplayName("when its archive has a path outside itself")
        void climbingPaths() {
            Map<String, byte[]> files = CifarFixture.tenBinary();
            files.put("cifar-10-batches-bin/../../.bashrc", new byte[] {1});
            CifarFixture.pack(files, folder.resolve("cifar-10-binary.tar.gz"));

            assertRefused(
                    "cifar10",
                    " has an entry with a path outside the archive, 'cifar-10-batches-bin/../../.bashrc'; it is not"
                            + " the published archive");
        }

        @Test
        @DisplayName("when a file has more images than were published")
        void tooManyImages() {
            CifarDataset small = new CifarDataset("small", 10, 1, CifarDataset.CIFAR_10.versions());
            for (Map<String, byte[]> files : List.of(CifarFixture.tenBinary(), CifarFixture.tenPickled())) {
                CifarFixture.unpack(files, folder);
                assertThatThrownBy(() -> small.load(folder))
                        .isInstanceOf(DatasetException.class)
                        .hasMessageContaining(" has more images than the 1 that were published");
            }
        }

        @Test
        @DisplayName("when its archive contains a file twice")
        void repeatedFile() {
            Map<String, byte[]> files = CifarFixture.tenBinary();
            files.put("copy/test_batch.bin", CifarFixture.records(1, 3));
            Path archive = folder.resolve("cifar-10-binary.tar.gz");
            CifarFixture.pack(files, archive);

            assertRefused("cifar10", archive + " has more than one test_batch.bin; it is not the published archive");
        }

        private Path ten(String file) {
            return folder.resolve("cifar-10-batches-bin").resolve(file);
        }
    }

    private void assertRefused(String name, String message) {
        assertThatThrownBy(() -> Datasets.load(name, Optional.of(folder)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message);
    }
}
