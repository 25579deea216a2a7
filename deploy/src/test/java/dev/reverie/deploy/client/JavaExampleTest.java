package dev.reverie.deploy.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.client.ReverieClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@DisplayName("The example of the Java client")
@Timeout(120)
class JavaExampleTest {

    private static final Path EXAMPLE = Path.of("..", "clients", "java", "examples", "ReplayExample.java");
    private static final Pattern ROW = Pattern.compile("(?m)^(no memory|Reverie) +([\\d.]+) %$");

    @TempDir
    private Path folder = Path.of("");

    @Test
    @ResourceLock(Resources.SYSTEM_OUT)
    @DisplayName("compiles, forgets without a memory, remembers with one, and forgets its classes in the end")
    void remembers() throws Exception {
        try (TestService service = TestService.start();
                ReverieClient client = service.client()) {
            String output = run(service.address().toString());

            assertThat(ROW.matcher(output).results().map(MatchResult::group))
                    .as(output)
                    .hasSize(2);
            assertThat(accuracy(output, "no memory")).isLessThan(70);
            assertThat(accuracy(output, "Reverie")).isGreaterThan(90);
            assertThat(client.classes()).isEmpty();
        }
    }

    private static double accuracy(String output, String memory) {
        return ROW.matcher(output)
                .results()
                .filter(row -> row.group(1).equals(memory))
                .mapToDouble(row -> Double.parseDouble(row.group(2)))
                .findFirst()
                .orElseThrow();
    }

    /** Compiles the example, runs it with an argument, and returns what it prints. */
    private String run(String argument) throws Exception {
        Path client = Path.of(ReverieClient.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), "-cp", client.toString(), EXAMPLE.toString());
        assertThat(failed).isZero();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ReverieClient.class.getClassLoader())) {
            Method main = classes.loadClass("ReplayExample").getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[] {argument});
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
