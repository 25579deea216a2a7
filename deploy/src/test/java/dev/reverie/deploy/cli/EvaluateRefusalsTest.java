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

@DisplayName("evaluate rejects")
class EvaluateRefusalsTest extends AbstractEvaluateCommandTest {

    @Test
    @DisplayName("two lengths of the training at once, and steps for the scores")
    void lengths() {
        refuses("--steps and --epochs both set the length of the training: omit one", "--steps", "3", "--epochs", "2");
        refuses("--scores trains for whole epochs: give --epochs instead of --steps", "--steps", "3", "--scores");
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
    @DisplayName("scores of several networks at once")
    void scoresOfSeveral() {
        refuses("--scores evaluates one network: name only one with --network", "--scores", "--network", "all");
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

    @Test
    @DisplayName("an unknown network")
    void unknownNetwork() {
        refuses("unknown network 'resnet-50': write convnet-D", "--network", "resnet-50");
    }

    @Test
    @DisplayName("a network that is too deep for the images")
    void tooDeep() {
        refuses("--network convnet-9 does not fit: images of", "--network", "convnet-9");
    }

    @Test
    @DisplayName("numbers out of range")
    void outOfRange() {
        refuses("--epochs must be from 1 to 1000000, not 0", "--epochs", "0");
    }

    @Test
    @DisplayName("an option without the option that it affects")
    void withoutEffect() {
        refuses("--real-epochs only affects --scores: add --scores, or omit --real-epochs", "--real-epochs", "3");
        refuses("--fit only affects --resize: add --resize WxH, or omit --fit", "--fit", "pad");
    }
}
