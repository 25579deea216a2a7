package dev.reverie.deploy.cli;

import dev.reverie.client.ServiceAddress;
import dev.reverie.deploy.experiments.continual.MemoryMethod;
import dev.reverie.deploy.experiments.continual.Protocol;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.evaluate.PublishedRecipe;
import dev.reverie.gpu.method.MatchingArchitecture;
import dev.reverie.gpu.method.Method;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;

/** Assembles the command line from its commands. */
public final class ReverieCommandLine {

    private static final int LEAST_WIDTH = 60;
    private static final int MOST_WIDTH = 100;

    private ReverieCommandLine() {}

    /** Creates the complete command line. */
    public static CommandLine create(CliContext context) {
        Terminal terminal = context.terminal();
        RootCommand root = new RootCommand();
        CommandLine commandLine = withCommands(new CommandLine(root), context);
        addCommonOptions(commandLine);
        commandLine.getCommandSpec().versionProvider(root::versionLines);
        FailureReporter failures = new FailureReporter(terminal);
        return withConverters(commandLine)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpWidth(Math.clamp(terminal.columns(), LEAST_WIDTH, MOST_WIDTH))
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(colours(terminal))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .setExecutionStrategy(ReverieCommandLine::execute);
    }

    private static CommandLine withCommands(CommandLine root, CliContext context) {
        return root.addSubcommand(new DemoCommand(context))
                .addSubcommand(new FetchCommand(context))
                .addSubcommand(new DistillCommand(context))
                .addSubcommand(new EvaluateCommand(context))
                .addSubcommand(new RaceCommand(context))
                .addSubcommand(new ServeCommand(context))
                .addSubcommand(new ReplayCommand(context))
                .addSubcommand(new BackupCommand(context))
                .addSubcommand(new RestoreCommand(context))
                .addSubcommand(StoreCommand.with(context))
                .addSubcommand(ClusterCommand.with(context))
                .addSubcommand(new ContinualCommand(context))
                .addSubcommand(new AnalyzeCommand(context))
                .addSubcommand(BenchCommand.with(context))
                .addSubcommand(new DoctorCommand(context))
                .addSubcommand(new TestCommand())
                .addSubcommand(new PackageCommand());
    }

    /** Adds the converters of option values, which apply to the commands that were added before. */
    private static CommandLine withConverters(CommandLine commandLine) {
        return commandLine
                .registerConverter(Method.class, NamedValue.converter("method", Method.values(), Method::label))
                .registerConverter(
                        MemoryMethod.class, NamedValue.converter("method", MemoryMethod.values(), MemoryMethod::label))
                .registerConverter(Protocol.class, NamedValue.converter("protocol", Protocol.values(), Protocol::label))
                .registerConverter(Bits.class, NamedValue.converter("number", Bits.values(), Bits::toString))
                .registerConverter(Dtype.class, NamedValue.converter("type", Dtype.values()))
                .registerConverter(Preset.class, NamedValue.converter("preset", Preset.values()))
                .registerConverter(
                        MatchingArchitecture.class,
                        NamedValue.converter(
                                "architecture", MatchingArchitecture.values(), MatchingArchitecture::label))
                .registerConverter(Networks.class, NamedValue.converter("choice", Networks.values()))
                .registerConverter(PublishedRecipe.class, NamedValue.converter("recipe", PublishedRecipe.values()))
                .registerConverter(URI.class, ReverieCommandLine::address)
                .registerConverter(Path.class, ReverieCommandLine::path)
                .registerConverter(Duration.class, DurationConverter::parse)
                .registerConverter(ImageShape.class, ShapeConverter::parse);
    }

    private static void addCommonOptions(CommandLine command) {
        command.addMixin("common", new CommonOptions());
        command.getSubcommands().values().forEach(ReverieCommandLine::addCommonOptions);
    }

    /** Refuses an empty path, which a variable that is not set leaves and which would mean the working directory. */
    private static Path path(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("a path is empty; name a file or folder, for example . for this folder");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is not a path: " + e.getReason());
        }
    }

    private static URI address(String text) {
        try {
            return ServiceAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /**
     * Wraps {@link OutOfMemoryError} and {@link LinkageError}, which picocli does not catch, so that they are reported
     * like other failures.
     */
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
