package dev.reverie.deploy.cli;

import dev.reverie.deploy.progress.Terminal;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.evaluate.PublishedRecipe;
import dev.reverie.gpu.method.DecodingMode;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.objective.MatchingObjective;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

public final class ReverieCommandLine {

    /** The option of every command that prints the stack trace of a failure. */
    public static final String VERBOSE = "--verbose";

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
        commandLine.getCommandSpec().versionProvider(root::versionLines);
        FailureReporter failures = new FailureReporter(terminal);
        return withConverters(commandLine)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpWidth(Math.clamp(terminal.columns(), LEAST_WIDTH, MOST_WIDTH))
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF))
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
                        new DoctorCommand(context))
                .map(CommandLine::new);
        Stream<CommandLine> others = Stream.of(
                StoreCommand.with(context),
                ClusterCommand.with(context),
                ofLauncher("test", "Runs all tests of the project.", "runs the tests", "the tests run in"),
                ofLauncher(
                        "package",
                        "Builds an archive that runs without an installed Java.",
                        "builds the archive and prints its path",
                        "the archive is built from"));
        Stream<CommandLine> added = modules.stream().flatMap(module -> module.commands(context).stream());
        return Stream.of(own, others, added)
                .flatMap(commands -> commands)
                .sorted(Comparator.comparingInt(command -> position(command.getCommandName())));
    }

    /** Lists a command of the launcher in the help; it needs the sources, and the application does not have them. */
    private static CommandLine ofLauncher(String name, String header, String does, String refusal) {
        Callable<Integer> refused = () -> {
            throw new InputException(
                    refusal + " a checkout of the sources: run ./reverie " + name + " in the project's folder");
        };
        CommandSpec spec = CommandSpec.wrapWithoutInspection(refused).name(name);
        spec.usageMessage()
                .header(header)
                .description("Requires a checkout of the sources; the launcher ./reverie " + does + ".")
                .footer("", "Example:", "  ./reverie " + name);
        return new CommandLine(spec);
    }

    private static int position(String command) {
        int position = ORDER.indexOf(command);
        return position < 0 ? ORDER.size() : position;
    }

    /** Adds the converters of option values, which apply to the commands that were added before. */
    private static CommandLine withConverters(CommandLine commandLine) {
        return commandLine
                .registerConverter(Method.class, Converters.named("method", Method.class))
                .registerConverter(PictureFormat.class, Converters.named("format", PictureFormat.class))
                .registerConverter(Dtype.class, Converters.named("type", Dtype.class))
                .registerConverter(
                        SettingsOptions.Preset.class, Converters.named("preset", SettingsOptions.Preset.class))
                .registerConverter(
                        MatchingArchitecture.class, Converters.named("architecture", MatchingArchitecture.class))
                .registerConverter(NetworkOptions.Kept.class, Converters.named("choice", NetworkOptions.Kept.class))
                .registerConverter(PublishedRecipe.class, Converters.named("recipe", PublishedRecipe.class))
                .registerConverter(Initialiser.class, Converters.named("initialiser", Initialiser.FOR_LEARNING))
                .registerConverter(MethodPartOptions.Representatives.class, MethodPartOptions.Representatives::parse)
                .registerConverter(MatchingObjective.class, Converters.named("objective", MatchingObjective.class))
                .registerConverter(GradientDistance.class, Converters.named("distance", GradientDistance.class))
                .registerConverter(DecodingMode.class, Converters.named("mode", DecodingMode.class))
                .registerConverter(EvaluateCommand.Labels.class, Converters.named("kind", EvaluateCommand.Labels.class))
                .registerConverter(URI.class, Converters::address)
                .registerConverter(Path.class, Converters::path)
                .registerConverter(Duration.class, Converters::duration)
                .registerConverter(ImageShape.class, Converters::shape);
    }

    /**
     * Executes a command, and prints what it has left out of its dataset. Wraps {@link OutOfMemoryError} and
     * {@link LinkageError}, which picocli does not catch, so that they are reported like other failures.
     */
    private static int execute(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (OutOfMemoryError | LinkageError e) {
            throw new ExecutionException(parsed.commandSpec().commandLine(), e.toString(), e);
        } finally {
            CommandLine command = parsed.asCommandLineList().getLast();
            command.getMixins().values().stream()
                    .filter(DataOptions.class::isInstance)
                    .forEach(data -> DataOptions.tell(((DataOptions) data).leftOut(), command.getErr()));
        }
    }
}
