package dev.reverie.actors.serialization;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * Writes the golden files of new formats: {@code java -cp <test class path>
 * dev.reverie.actors.serialization.GoldenValues src/test/resources/dev/reverie/actors/serialization}. Does not
 * overwrite files, because the file of an old format proves that it can still be read.
 */
final class GoldenValues {

    private GoldenValues() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        ActorSystem system = ActorSystem.create("golden", ConfigFactory.load("reverie"));
        for (Map.Entry<String, Transferable> each : StoredValues.all().entrySet()) {
            Path file = folder.resolve(each.getKey() + ".bin");
            if (Files.notExists(file)) {
                Files.write(
                        file,
                        SerializationExtension.get(system)
                                .serialize(each.getValue())
                                .get());
            }
        }
        system.terminate();
    }
}
