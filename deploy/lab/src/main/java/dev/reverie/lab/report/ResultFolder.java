package dev.reverie.lab.report;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder that {@code --out} names, for the files of one experiment. */
public record ResultFolder(Path path) {

    public Path file(String name) {
        return path.resolve(name);
    }

    /**
     * Creates the folder.
     *
     * @param results names of the files that the experiment will write
     * @throws InputException if the folder is not writable or already contains one of them
     */
    public void create(List<String> results) {
        results.stream().filter(name -> Files.exists(file(name))).findFirst().ifPresent(name -> {
            throw new InputException(path + " already contains " + name + "; choose another folder with --out");
        });
        new RunFolder(path).create();
    }

    public void write(String name, String text) throws IOException {
        AtomicFile.write(file(name), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
