package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The folders of datasets")
class DataHomeTest {

    @Test
    @DisplayName("are below REVERIE_DATA, or otherwise in the user's cache")
    void findsTheDataHome() {
        Path home = Path.of("/home/ada");

        assertThat(DataHome.from(Map.of("REVERIE_DATA", "/data"), home).folderOf("mnist"))
                .isEqualTo(Path.of("/data/mnist"));
        assertThat(DataHome.from(Map.of("REVERIE_DATA", " "), home).folderOf("mnist"))
                .isEqualTo(Path.of("/home/ada/.cache/reverie/mnist"));
        assertThat(DataHome.from(Map.of(), home).root()).isEqualTo(Path.of("/home/ada/.cache/reverie"));
    }
}
