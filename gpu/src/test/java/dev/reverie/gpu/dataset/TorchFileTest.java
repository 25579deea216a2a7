package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.coded.DistilledSetFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The folder {@code torch} has what {@code torch.save} of PyTorch 1.13 wrote, of images with the values -1.5 to 1.375.
 */
@DisplayName("A file of PyTorch")
class TorchFileTest {

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({"dc.pt, true", "images_best.pt, true", "images_zca_best.pt, true", "logits.pt, false"})
    @DisplayName("has images and labels as DC, as MTT with a file for each, or as half floats and logits")
    void reads(String name, boolean isNormalised) throws IOException {
        copy("labels_best.pt", "labels_best.pt");
        Path file = copy(name.replace("_zca", ""), name);

        DistilledSet set = DistilledSetFile.read(file).set();

        assertThat(set.images().shape()).isEqualTo(new ImageShape(3, 2, 2));
        assertThat(set.images().values(0)[3]).isEqualTo(isNormalised ? -1.125 : 0.21875);
        assertThat(set.isNormalised()).isEqualTo(isNormalised);
        assertThat(set.softLabels().isPresent()).isEqualTo(!isNormalised);
        assertThat(set.labels()).isEqualTo(isNormalised ? List.of(1, 0) : List.of(0, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            permuted.pt    | has a tensor whose items do not follow each other: save it with .contiguous()
            bfloat16.pt    | has a pickle that refers to torch.BFloat16Storage: save only tensors of numbers
            images_best.pt | has no tensors of images and of their labels: save both, with torch.save((images, labels), file)
            """)
    @DisplayName("is refused with advice if it has other tensors, or only images")
    void refuses(String name, String message) throws IOException {
        Path file = copy(name, name);

        assertThatThrownBy(() -> TorchFile.read(file))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith(file + " " + message);
    }

    @Test
    @DisplayName("is refused if an item is altered, or the file is truncated")
    void damaged() throws IOException {
        Path file = copy("dc.pt", "dc.pt");
        byte[] sound = Files.readAllBytes(file);
        byte[] altered = sound.clone();
        altered[new String(sound, StandardCharsets.ISO_8859_1).indexOf("dc/data/0") + 100] ^= 1;

        Files.write(file, altered);
        assertThatThrownBy(() -> TorchFile.read(file)).hasMessageContaining("a checksum does not match");

        Files.write(file, new byte[100]);
        assertThatThrownBy(() -> DistilledSetFile.read(file)).hasMessageContaining("is not an NPZ file");
    }

    @Test
    @DisplayName("of a version before 1.6 is refused with how to convert it")
    void beforeZip() throws IOException {
        byte[] start = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e80024de9032e");
        Path file = Files.write(folder.resolve("old.pt"), start);

        assertThatThrownBy(() -> DistilledSetFile.read(file))
                .hasMessage(file + " is in the format of PyTorch before 1.6: save it again with a newer version, with"
                        + " torch.save(torch.load(file), file)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cos;system;X\1\0\0\0xR.         | has a pickle that refers to os.system: save only tensors
            cbuiltins;eval;                  | has a pickle that refers to builtins.eval
            X\u00ff\u00ff\u00ff\u007f    | is truncated
            X\u00ff\u00ff\u00ff\u00ff    | is truncated
            K\1                             | is truncated
            hA                               | refers to something that is neither a text nor a name
            K5Q\u0089                        | a tensor in it is incomplete
            b                                | has the opcode 0x62
            """)
    @DisplayName("is refused if its pickle is damaged or would run a program")
    void pickles(String pickle, String message) {
        assertThatThrownBy(
                        () -> TorchPickle.tensors(pickle.replace(';', '\n').getBytes(StandardCharsets.ISO_8859_1), 2))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining(message);
    }

    private Path copy(String resource, String name) throws IOException {
        try (InputStream in = TorchFileTest.class.getResourceAsStream("torch/" + resource)) {
            return Files.write(folder.resolve(name), Objects.requireNonNull(in).readAllBytes());
        }
    }
}
