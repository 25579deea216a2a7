package dev.reverie.deploy.cli;

import dev.reverie.deploy.experiments.continual.MemoryMethod;
import dev.reverie.deploy.experiments.continual.Protocol;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** Assembles the commands. */
public final class ReverieCommandLine {

    private static final int LEAST_WIDTH = 60;
    private static final int MOST_WIDTH = 100;

    private ReverieCommandLine() {}

    /** The whole command line, in the given surroundings. */
    public static CommandLine create(CliContext surroundings) {
        Terminal terminal = surroundings.terminal();
        CommandLine commandLine = new CommandLine(new RootCommand())
                .addSubcommand(new DemoCommand(surroundings))
                .addSubcommand(new FetchCommand(surroundings))
                .addSubcommand(new DistillCommand(surroundings))
                .addSubcommand(new EvaluateCommand(surroundings))
                .addSubcommand(new ServeCommand(surroundings))
                .addSubcommand(new ReplayCommand(surroundings))
                .addSubcommand(new ContinualCommand(surroundings))
                .addSubcommand(new AnalyzeCommand(surroundings))
                .addSubcommand(BenchCommand.with(surroundings))
                .addSubcommand(new TestCommand())
                .addSubcommand(new PackageCommand());
        FailureReporter failures = new FailureReporter(terminal);
        return commandLine
                .registerConverter(Method.class, Method::of)
                .registerConverter(MemoryMethod.class, MemoryMethod::of)
                .registerConverter(Protocol.class, Protocol::of)
                .registerConverter(Duration.class, DurationConverter::parse)
                .registerConverter(ImageShape.class, ShapeConverter::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpWidth(Math.clamp(terminal.columns(), LEAST_WIDTH, MOST_WIDTH))
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(colours(terminal))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .setExecutionStrategy(ReverieCommandLine::execute);
    }

    /** Lets errors of the virtual machine, of which picocli knows nothing, be told like any other failure. */
    private static int execute(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (OutOfMemoryError | LinkageError e) {
            throw new ExecutionException(parsed.commandSpec().commandLine(), e.toString(), e);
        }
    }

    private static ColorScheme colours(Terminal terminal) {
        return CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF);
    }
}
