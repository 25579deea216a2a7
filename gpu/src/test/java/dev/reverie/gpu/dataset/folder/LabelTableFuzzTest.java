package dev.reverie.gpu.dataset.folder;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LoadProgress;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The reader of the labels of a folder reads or refuses any bytes")
class LabelTableFuzzTest {

    @TempDir
    static Path folder = Path.of("");

    @FuzzTest
    @DisplayName("as CSV, and as lines of JSON")
    void table(byte[] content) throws Exception {
        new PictureFolder(folder).write("cat/1.png", new byte[1]); // is listed, and not read
        for (String name : List.of("labels.csv", "metadata.jsonl")) {
            Path table = Files.write(folder.resolve(name), content);
            UntrustedInput.readOrRefused(LabelTableFuzzTest::listed, DatasetException.class);
            Files.delete(table);
        }
    }

    private static FolderFiles listed() {
        return new FolderDataset(folder, List.of(), Optional.empty(), Optional.of(0.0), new LeftOut(false))
                .files(LoadProgress.NONE);
    }
}
