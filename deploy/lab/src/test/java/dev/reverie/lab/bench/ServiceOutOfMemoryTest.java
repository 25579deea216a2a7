package dev.reverie.lab.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.ReverieCommandLine;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.lab.LabCommands;
import dev.reverie.lab.run.TemporaryService;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A benchmark in whose service an actor runs out of memory")
class ServiceOutOfMemoryTest {

    private static final long TIMEOUT_SECONDS = 120;

    @Test
    @DisplayName("exits with 1 and says what to do")
    void outOfMemory(@TempDir Path folder) throws Exception {
        Path err = folder.resolve("stderr.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(ExitCode.FAILED);
        assertThat(err)
                .content()
                .contains("If it is an OutOfMemoryError, set for example REVERIE_JAVA_OPTS=-Xmx4g, or choose a smaller"
                        + " --shape.");
    }

    /** Measures a service whose actor fails at once. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            Terminal terminal = new Terminal(
                    new PrintWriter(System.out, true, UTF_8),
                    new PrintWriter(System.err, true, UTF_8),
                    false,
                    false,
                    80);
            CliContext context = new CliContext(
                    terminal,
                    Map.of(),
                    Set.of(),
                    (_, _, _) -> {
                        throw new AssertionError("no engine is needed");
                    },
                    () -> {
                        throw new AssertionError("no kernels are needed");
                    },
                    InstantSource.system(),
                    System::nanoTime);
            System.exit(ReverieCommandLine.create(context, List.of(LabCommands.with((_, _, _) -> start())))
                    .execute("bench", "sample"));
        }

        private static TemporaryService start() {
            ActorSystem.create(
                    Behaviors.<Void>setup(_ -> {
                        throw new OutOfMemoryError("Java heap space");
                    }),
                    "failing");
            while (true) {
                LockSupport.park(); // until the error ends the process
            }
        }
    }
}
