package dev.reverie.deploy.cli;

import dev.reverie.client.ServiceAddress;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.evaluate.PublishedRecipe;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;

/** Assembles the command line from its commands. */
public final class ReverieCommandLine {

    /** The order of the commands in the help, those of other modules included; further ones come last. */
    private static final List<String> ORDER = List.of(
            "demo",
            "fetch",
            "distill",
            "evaluate",
            "race",
            "serve",
            "replay",
            "backup",
            "restore",
            "store",
            "cluster",
            "continual",
            "analyze",
            "bench",
            "doctor",
            "test",
            "package");

    private static final int LEAST_WIDTH = 60;
    private static final int MOST_WIDTH = 100;

    private ReverieCommandLine() {}

    /** Creates the command line with the commands of all modules on the class path. */
    public static CommandLine create(CliContext context) {
        return create(
                context,
                ServiceLoader.load(CommandProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList());
    }

    /** Creates the command line with the commands of these modules besides its own. */
    public static CommandLine create(CliContext context, List<CommandProvider> modules) {
        Terminal terminal = context.terminal();
        RootCommand root = new RootCommand();
        CommandLine commandLine = new CommandLine(root);
        commands(context, modules).forEach(commandLine::addSubcommand);
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

    private static Stream<CommandLine> commands(CliContext context, List<CommandProvider> modules) {
        Stream<CommandLine> own = Stream.of(
                        new FetchCommand(context),
                        new DistillCommand(context),
                        new EvaluateCommand(context),
                        new ServeCommand(context),
                        new ReplayCommand(context),
                        new BackupCommand(context),
                        new RestoreCommand(context),
                        new DoctorCommand(context),
                        new TestCommand(),
                        new PackageCommand())
                .map(CommandLine::new);
        Stream<CommandLine> groups = Stream.of(StoreCommand.with(context), ClusterCommand.with(context));
        Stream<CommandLine> added = modules.stream().flatMap(module -> module.commands(context).stream());
        return Stream.of(own, groups, added)
                .flatMap(commands -> commands)
                .sorted(Comparator.comparingInt(command -> position(command.getCommandName())));
    }

    private static int position(String command) {
        int position = ORDER.indexOf(command);
        return position < 0 ? ORDER.size() : position;
    }

    /** Adds the converters of option values, which apply to the commands that were added before. */
    private static CommandLine withConverters(CommandLine commandLine) {
        return commandLine
                .registerConverter(Method.class, NamedValue.converter("method", Method.values(), Method::label))
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
