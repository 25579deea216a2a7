package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.backup.BackupException;
import dev.reverie.actors.store.StoreException;
import dev.reverie.deploy.config.ConfigurationException;
import dev.reverie.gpu.tensor.Device.DeviceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@DisplayName("A failure")
class FailureReporterTest {

    @ParameterizedTest
    @MethodSource("failures")
    @DisplayName("is reported in one sentence, without a stack trace, and sets the exit code")
    void oneSentence(Throwable failure, int exitCode, String message) {
        CapturedTerminal terminal = failingWith(failure);

        assertThat(terminal.run("fail")).isEqualTo(exitCode);
        assertThat(terminal.err()).startsWith("reverie: ").contains(message).hasLineCount(1);
        assertThat(terminal.out()).isEmpty();
    }

    private static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new DeviceException("no usable GPU"), ExitCode.WRONG_INPUT, "reverie: no usable GPU."),
                Arguments.of(
                        new UncheckedIOException(new AccessDeniedException("/data")),
                        ExitCode.FAILED,
                        "permission denied for /data: correct its permissions."),
                Arguments.of(
                        new UncheckedIOException(new NotDirectoryException("/data/x")),
                        ExitCode.FAILED,
                        "reverie: /data/x is not a folder: correct its path."),
                Arguments.of(
                        new UncheckedIOException(new IOException("cannot listen on port 80: choose another")),
                        ExitCode.FAILED,
                        "reverie: cannot listen on port 80: choose another."),
                Arguments.of(
                        StoreException.temporary("the store s has no space left", new IOException("full")),
                        ExitCode.FAILED,
                        "reverie: the store s has no space left."),
                Arguments.of(
                        new StoreException("the store s has another format"),
                        ExitCode.WRONG_INPUT,
                        "reverie: the store s has another format."),
                Arguments.of(new OutOfMemoryError("Java heap space"), ExitCode.FAILED, "REVERIE_JAVA_OPTS=-Xmx4g"),
                Arguments.of(new UnsatisfiedLinkError("no libfoo"), ExitCode.FAILED, "no libfoo"),
                Arguments.of(new IllegalStateException("two\nlines"), ExitCode.FAILED, "two lines"));
    }

    @Test
    @DisplayName("is reported with its control characters escaped, which could come from a file or a service")
    void controlCharacters() {
        CapturedTerminal terminal = failingWith(new BackupException("not complete: \u001b[2J\u009b1A"));

        assertThat(terminal.run("fail")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).isEqualToNormalizingNewlines("reverie: not complete: \\u001b[2J\\u009b1A.\n");
    }

    @Test
    @DisplayName("of a configuration is reported in one line per mistake")
    void everyProblem() {
        CapturedTerminal terminal = failingWith(new ConfigurationException(List.of("no port", "no host")));

        assertThat(terminal.run("fail")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).isEqualToNormalizingNewlines("reverie: no port.\nreverie: no host.\n");
    }

    @Test
    @DisplayName("is reported with a stack trace on request, in which control characters are escaped")
    void verbose() {
        CapturedTerminal terminal = failingWith(new IllegalStateException("broken\u0007"));

        assertThat(terminal.run("fail", "--verbose")).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("IllegalStateException: broken\\u0007", "\tat ");
    }

    private static CapturedTerminal failingWith(Throwable failure) {
        return new CapturedTerminal().withCommands(_ -> List.of(new CommandLine(new Failing(failure))));
    }

    @Command(name = "fail")
    private record Failing(Throwable failure) implements Callable<Integer> {

        @Override
        public Integer call() {
            switch (failure) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new AssertionError(failure);
            }
        }
    }
}
