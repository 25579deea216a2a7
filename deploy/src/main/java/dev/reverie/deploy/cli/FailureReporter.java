package dev.reverie.deploy.cli;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.backup.BackupException;
import dev.reverie.actors.checkpoint.CheckpointException;
import dev.reverie.actors.store.StoreException;
import dev.reverie.deploy.config.ConfigurationException;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.streams.decode.SafeExcerpt;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Prints a failure as one sentence on stderr, or as one sentence per mistake in a configuration, and chooses the exit
 * code.
 */
record FailureReporter(Terminal terminal) implements IExecutionExceptionHandler, IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        print(sentence(UsageMessage.of(failure)) + " See "
                + command.getCommandSpec().qualifiedName() + " --help.");
        return ExitCode.WRONG_INPUT;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        Throwable cause = unwrapped(failure);
        List<String> problems = cause instanceof ConfigurationException configuration
                ? configuration.problems()
                : List.of(explain(cause));
        problems.forEach(problem -> print(sentence(problem)));
        if (isVerbose(parsed)) {
            StringWriter trace = new StringWriter();
            cause.printStackTrace(new PrintWriter(trace));
            trace.toString().lines().map(FailureReporter::escaped).forEach(terminal.err()::println);
        }
        return exitCode(cause);
    }

    /** Looks for the option after each command on the command line. */
    private static boolean isVerbose(ParseResult parsed) {
        return parsed.hasMatchedOption(ReverieCommandLine.VERBOSE)
                || (parsed.hasSubcommand() && isVerbose(parsed.subcommand()));
    }

    private static int exitCode(Throwable failure) {
        boolean passes = failure instanceof StoreException store && store.isTemporary();
        return isWrongInput(failure) && !passes ? ExitCode.WRONG_INPUT : ExitCode.FAILED;
    }

    private static boolean isWrongInput(Throwable failure) {
        return switch (failure) {
            case InputException _,
                    ConfigurationException _,
                    DatasetException _,
                    CheckpointException _,
                    StoreException _,
                    BackupException _,
                    DeviceException _ -> true;
            default -> false;
        };
    }

    private static String explain(Throwable failure) {
        return switch (failure) {
            case Throwable said when isWrongInput(said) || said instanceof DistillationException -> message(said);
            case NoSuchFileException e -> "the file " + e.getFile() + " does not exist: correct its path";
            case AccessDeniedException e -> "permission denied for " + e.getFile() + ": correct its permissions";
            case FileAlreadyExistsException e ->
                "the file " + e.getFile() + " already exists: remove it, or choose another name";
            case NotDirectoryException e -> e.getFile() + " is not a folder: correct its path";
            case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
            case IOException e -> message(e);
            case OutOfMemoryError _ -> "out of memory; set for example REVERIE_JAVA_OPTS=-Xmx4g";
            default ->
                "unexpected " + failure.getClass().getSimpleName() + ": " + message(failure) + "; run again with "
                        + ReverieCommandLine.VERBOSE + " for the stack trace";
        };
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wrapper = failure instanceof CompletionException
                || failure instanceof ExecutionException
                || failure instanceof CommandLine.ExecutionException
                || failure instanceof UncheckedIOException;
        return wrapper && cause != null ? unwrapped(cause) : failure;
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /** Joins the lines of a message, because the messages of some libraries have several, and adds a full stop. */
    private static String sentence(@Nullable String message) {
        String line = message == null ? "" : message.strip().replaceAll("\\s*\\R\\s*", " ");
        return line.isEmpty() || line.endsWith(".") || line.endsWith("?") ? line : line + ".";
    }

    private void print(String sentence) {
        terminal.err().println("reverie: " + escaped(sentence));
    }

    /** Escapes what is invisible except tabs, since a message can repeat what a file or a service says. */
    private static String escaped(String line) {
        return Stream.of(line.split("\t", -1))
                .map(part -> SafeExcerpt.of(part, Integer.MAX_VALUE))
                .collect(Collectors.joining("\t"));
    }
}
