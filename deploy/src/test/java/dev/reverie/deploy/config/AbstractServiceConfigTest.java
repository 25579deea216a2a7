package dev.reverie.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads configurations from files, variables and options. */
abstract class AbstractServiceConfigTest {

    final Path folder;

    AbstractServiceConfigTest(Path folder) {
        this.folder = folder;
    }

    static ServiceConfig load(Map<String, String> environment) {
        return ServiceConfig.load(Optional.empty(), environment, Map.of());
    }

    static List<String> problems(Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
        ConfigurationException refusal = catchThrowableOfType(
                ConfigurationException.class, () -> ServiceConfig.load(file, environment, overrides));
        assertThat(refusal).isNotNull();
        return refusal.problems();
    }

    Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("my.conf"), content);
    }
}
