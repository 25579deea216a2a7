package dev.reverie.deploy.cli;

import static dev.reverie.deploy.cli.CapturedTerminal.words;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("distill rejects, before it writes any file but a lock,")
class DistillFoldersTest extends AbstractDistillRefusalTest {

    @Test
    @DisplayName("a folder that contains a run, unless --resume is given")
    void existingRun() throws IOException {
        writeToRun("history.csv", """
                outer,inner,seconds,matching_loss,train_loss,worker_seconds,skipped,refreshed,inertia
                0,0,0.5,1.5,2.25,0.25,1,2,3.0
                """);

        refuses(out + " already contains a run (history.csv): name another folder with --out");
    }

    @Test
    @DisplayName("a folder with a checkpoint, and says that the run can be resumed")
    void existingCheckpoint() throws IOException {
        writeToRun("checkpoint.bin", "a checkpoint");

        refuses(out + " already contains a run (checkpoint.bin): add --resume to continue it, or name another folder");
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("a damaged checkpoint, and does not mind options without an effect when it resumes")
    @ValueSource(
            strings = {
                "--method=dm --interval=5",
                "--method=dm --candidates=9",
                "--method=dm --decode=multi",
                "--method=random --width=4",
            })
    void ineffectiveBefore(String options) throws IOException {
        writeToRun("checkpoint.bin", "a checkpoint");

        refuses("checkpoint.bin is not a complete checkpoint", (options + " --resume").split(" "));
    }

    @Test
    @DisplayName("--resume in a folder without a checkpoint")
    void nothingToResume() {
        refuses(out + " contains no checkpoint to resume: omit --resume", "--resume");
        assertThat(out).doesNotExist();
    }

    @Test
    @DisplayName("--resume in a folder that contains a set, but no checkpoint")
    void setWithoutCheckpoint() throws IOException {
        writeToRun("synthetic.npz", "a set");

        refuses("no checkpoint to resume: omit --resume to start a new run, and name another folder", "--resume");
    }

    @Test
    @DisplayName("an output folder that cannot be created")
    void unwritable() throws IOException {
        Files.writeString(out, "a file in the way");

        refuses(
                "cannot write to the output folder " + out + " (it is not a folder): name a writable folder with --out",
                "--ipc",
                "4");
    }

    @Test
    @DisplayName("a folder of experts with a file in its place")
    void noFolderOfExperts(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");

        refuses("name a writable folder with --experts", "--method", "mtt", "--experts", file.toString());
    }

    @Test
    @DisplayName("--resume with a folder of experts that does not exist, and creates none")
    void noExpertsToResume() throws IOException {
        writeToRun("checkpoint.bin", "a checkpoint");
        Path typo = out.resolveSibling("typo");

        refuses("there is no experts folder " + typo, "--method", "mtt", "--experts", typo.toString(), "--resume");
        assertThat(typo).doesNotExist();
    }

    @Test
    @DisplayName("--resume without --experts if the run has no experts of its own, and makes no folder for them")
    void expertsElsewhere() throws IOException {
        writeToRun("checkpoint.bin", "a checkpoint");
        Path experts = out.resolve("experts");

        refuses("there is no experts folder " + experts, "--method", "mtt", "--resume");
        assertThat(experts).doesNotExist();
    }

    @Test
    @DisplayName("the folder of the run as the folder of the experts")
    void expertsInRun() {
        refuses(
                "--experts and --out name the same folder",
                words("--method mtt --experts " + out.resolveSibling(".").resolve(out.getFileName())));
    }

    @Test
    @DisplayName("a file that is no expert trajectory")
    void noExpert(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("expert-000.npz"), "no expert");

        String message = "expert-000.npz is not a trajectory file, or is truncated: delete it";
        refuses(message, "--method", "mtt", "--experts", folder.toString());
    }

    private void writeToRun(String file, String content) throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve(file), content);
    }
}
