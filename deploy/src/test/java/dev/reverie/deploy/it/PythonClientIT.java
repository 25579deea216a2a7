package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.PythonClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The Python client")
@Timeout(900)
class PythonClientIT {

    private static final Pattern ADDRESS = Pattern.compile("listening on (\\S+)\\R");

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("installs without downloads, as in the tutorial, and passes its tests against a service")
    void passesItsTests() throws Exception {
        PythonClient.require("ensurepip", "mypy", "numpy", "PIL", "pytest", "setuptools", "torch", "wheel");
        PythonClient.copyTo(folder.resolve("client"));
        run(Map.of(), PythonClient.PYTHON, "-m", "venv", "--system-site-packages", "venv");
        run(Map.of(), "venv/bin/pip", "install", "--no-index", "--no-build-isolation", "--no-deps", "./client");

        List<String> arguments =
                List.of("serve", "--store", folder.resolve("store").toString(), "--port", "0");
        try (ReverieProcess service = ReverieProcess.start(folder, arguments)) {
            String output = run(
                    Map.of("REVERIE_TEST_URL", service.awaitLine(ADDRESS)),
                    "venv/bin/python",
                    "-m",
                    "pytest",
                    "client");

            assertThat(output).contains(" passed").doesNotContain(" skipped");
        }
    }

    /** Runs a command in the folder, which must succeed, and returns its output. */
    private String run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
