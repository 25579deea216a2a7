package dev.reverie.actors.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes the golden file of a new format: {@code java -cp <test class path>
 * dev.reverie.actors.checkpoint.GoldenCheckpoint
 * src/test/resources/dev/reverie/actors/checkpoint/checkpoint-format-N.bin}. Overwrites nothing: the file of an old
 * format is what proves that it still reads.
 */
final class GoldenCheckpoint {

    private GoldenCheckpoint() {}

    public static void main(String[] args) throws IOException {
        Files.write(Path.of(args[0]), Checkpoints.bytes(Checkpoints.sample()), StandardOpenOption.CREATE_NEW);
    }
}
