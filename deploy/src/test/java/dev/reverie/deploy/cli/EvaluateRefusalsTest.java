package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("evaluate rejects")
class EvaluateRefusalsTest extends AbstractEvaluateCommandTest {

    @ParameterizedTest(name = "{0}")
    @DisplayName("values that are unknown or out of range, and options that have no effect or contradict each other")
    @CsvSource(delimiter = '|', textBlock = """
            --steps 3 --epochs 2   | --steps and --epochs both set the length of the training: omit one
            --steps 3 --scores     | --scores trains for whole epochs: give --epochs instead of --steps
            --scores --network all | --scores evaluates one network: name only one with --network
            --network resnet-50    | unknown network 'resnet-50': write convnet-D
            --network convnet-9    | --network convnet-9 does not fit: images of
            --epochs 0             | --epochs must be from 1 to 1000000, not 0
            --real-epochs 3        | --real-epochs only affects --scores: add --scores, or omit --real-epochs
            --fit pad              | --fit only affects --resize: add --resize WxH, or omit --fit
            """, quoteCharacter = '`')
    void badOptions(String options, String message) {
        refuses(message, options.split(" "));
    }

    @Test
    @DisplayName("a report with an unknown extension, in a missing folder or in place of a device")
    void unknownReport(@TempDir Path folder) throws IOException {
        Path device = Files.createSymbolicLink(folder.resolve("null.md"), Path.of("/dev/null"));

        refuses(
                "cannot write " + device + ": name a file in an existing, writable folder",
                "--report",
                device.toString());
        refuses("--report must end in .md or .json, not report.txt", "--report", "report.txt");
        refuses(
                "cannot write no/such/folder/report.md: name a file in an existing, writable folder",
                "--report",
                "no/such/folder/report.md");
    }

    @Test
    @DisplayName("a report in place of the manifest of a run")
    void manifestAsReport(@TempDir Path folder) throws IOException {
        Path manifest = Files.writeString(folder.resolve("run.json"), "{}");

        refuses(manifest + " describes the run in its folder", "--report", manifest.toString());
        assertThat(manifest).hasContent("{}");
    }

    @Test
    @DisplayName("a set that does not exist")
    void missing() throws IOException {
        Files.delete(set);

        refuses("set.npz");
    }

    @Test
    @DisplayName("a file that is not a distilled set")
    void damaged() throws IOException {
        Files.writeString(set, "no NPZ at all");

        refuses("set.npz");
    }

    @Test
    @DisplayName("a set of another dataset")
    void otherDataset() throws IOException {
        NpzFile.write(setOf(new ImageShape(1, 4, 4)), set);

        refuses("contains 1x4x4 images, but " + dataset + " has 1x8x8: name the --dataset");
    }
}
