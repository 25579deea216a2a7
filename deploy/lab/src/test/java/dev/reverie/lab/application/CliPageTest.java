package dev.reverie.lab.application;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.reverie.deploy.GeneratedDocPage;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.deploy.cli.ReverieCommandLine;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

@DisplayName("The page of the command line")
class CliPageTest {

    /** An option that so many commands describe alike is described once. */
    private static final int SEVERAL = 5;

    private static final Pattern DEFAULT = Pattern.compile("(.*?) ?\\(default: (.*)\\)\\.", Pattern.DOTALL);
    private static final Pattern EXAMPLE = Pattern.compile(" {2}((?:\\./)?reverie .*?)(?: {2,}\\(.*\\))?");

    @Test
    @DisplayName("has every command and option; -Dreverie.docs.write=true makes this test write it")
    void complete() throws IOException {
        GeneratedDocPage.assertUpToDate("cli.md", page());
    }

    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName("shows only examples that the command line accepts")
    void understood(String example) {
        String[] words = example.split(" ", -1);

        assertThatCode(() -> commandLine().parseArgs(Arrays.copyOfRange(words, 1, words.length)))
                .doesNotThrowAnyException();
    }

    static List<String> examples() {
        return commands(commandLine()).flatMap(CliPageTest::examplesOf).toList();
    }

    private static CommandLine commandLine() {
        return new CapturedTerminal().commandLine();
    }

    /** Returns a command and all its subcommands, in the order of the help. */
    private static Stream<CommandLine> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(CliPageTest::commands));
    }

    private static String page() {
        CommandLine root = commandLine();
        Set<String> shared = sharedRows(root);
        return """
                # Command line

                %s
                `reverie` is `./reverie` in a checkout of the sources, which builds the application if necessary, and `bin/reverie` in the archive. Results go to stdout, progress and messages to stderr. An error is one sentence on stderr.

                | exit code | meaning |
                |--:|---|
                | %d | done |
                | %d | the input was valid, but the work failed |
                | %d | wrong usage or unusable input; a retry does not help |
                | %d | interrupted by Ctrl-C, SIGTERM or the loss of the terminal (SIGHUP); the results so far are saved. A second Ctrl-C or SIGTERM exits immediately without saving. `serve` exits with this code after Ctrl-C only, exits with 0 after SIGTERM, and [reloads its files](../guides/operate.md#reload) on SIGHUP |

                Every command also has these options:

                %s
                `./reverie jdk`, which exists only in a checkout, prints the folder of the JDK that the launcher found.

                ## Options of several commands

                %s
                %s""".formatted(
                        GeneratedDocPage.origin("deploy/lab", CliPageTest.class),
                        ExitCode.DONE,
                        ExitCode.FAILED,
                        ExitCode.WRONG_INPUT,
                        ExitCode.INTERRUPTED,
                        table(arguments(root).filter(CliPageTest::isCommon).map(CliPageTest::row)),
                        table(shared.stream()),
                        commands(root).map(command -> section(command, shared)).collect(Collectors.joining("\n")));
    }

    /** Returns the rows that several commands have in common, at most one for each name, in the order of the help. */
    private static Set<String> sharedRows(CommandLine root) {
        List<ArgSpec> all = commands(root).flatMap(CliPageTest::ownArguments).toList();
        Map<String, Long> uses = all.stream().collect(Collectors.groupingBy(CliPageTest::row, Collectors.counting()));
        Map<String, String> rows = all.stream()
                .filter(argument -> uses.getOrDefault(row(argument), 0L) >= SEVERAL)
                .collect(
                        Collectors.toMap(CliPageTest::name, CliPageTest::row, (first, _) -> first, LinkedHashMap::new));
        return new LinkedHashSet<>(rows.values());
    }

    private static String section(CommandLine command, Set<String> shared) {
        return Stream.of(
                        Optional.of("## " + command.getCommandSpec().qualifiedName()),
                        Optional.of(String.join(
                                " ", command.getCommandSpec().usageMessage().header())),
                        Optional.of("`" + synopsis(command) + "`"),
                        Optional.of(paragraphs(
                                command.getCommandSpec().usageMessage().description())),
                        Optional.of(table(ownArguments(command)
                                        .map(CliPageTest::row)
                                        .filter(Predicate.not(shared::contains))))
                                .filter(Predicate.not(String::isEmpty)),
                        alsoShared(command, shared),
                        subcommands(command),
                        Optional.of(notes(command)).filter(Predicate.not(String::isEmpty)),
                        Optional.of(examplesOf(command).map("- `%s`"::formatted).collect(Collectors.joining("\n")))
                                .filter(Predicate.not(String::isEmpty))
                                .map("Examples:\n\n"::concat))
                .flatMap(Optional::stream)
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n\n", "", "\n"));
    }

    /** Joins the paragraphs with an empty line between them. */
    private static String paragraphs(String... lines) {
        return String.join("\n", lines).strip();
    }

    private static boolean isCommon(ArgSpec argument) {
        return argument instanceof OptionSpec option
                && List.of("--help", ReverieCommandLine.VERBOSE).contains(option.longestName());
    }

    private static Stream<ArgSpec> arguments(CommandLine command) {
        return Stream.concat(
                command.getCommandSpec().positionalParameters().stream(), command.getCommandSpec().options().stream());
    }

    /** Returns the arguments that not every command has. */
    private static Stream<ArgSpec> ownArguments(CommandLine command) {
        return arguments(command).filter(Predicate.not(CliPageTest::isCommon));
    }

    /** Returns the synopsis with one word for all options, which the tables name. */
    private static String synopsis(CommandLine command) {
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        return command.getHelp().synopsis(0).strip();
    }

    private static Optional<String> alsoShared(CommandLine command, Set<String> shared) {
        List<String> names = ownArguments(command)
                .filter(argument -> shared.contains(row(argument)))
                .map(CliPageTest::name)
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("Also [%s](#options-of-several-commands).".formatted(String.join(", ", names)));
    }

    private static String table(Stream<String> rows) {
        String joined = rows.collect(Collectors.joining());
        return joined.isEmpty() ? "" : "| option | default | meaning |\n|---|---|---|\n" + joined;
    }

    /** Returns whether a command needs the option; picocli marks each option of a group as required. */
    private static boolean isRequired(ArgSpec argument) {
        return argument.required() && argument.group() == null;
    }

    private static String row(ArgSpec argument) {
        String description = String.join(" ", argument.description());
        Matcher withDefault = DEFAULT.matcher(description);
        boolean has = withDefault.matches();
        String meaning = has ? withDefault.group(1) + "." : description;
        return "| %s | %s | %s |%n"
                .formatted(
                        name(argument),
                        has ? GeneratedDocPage.cell(withDefault.group(2)) : isRequired(argument) ? "*required*" : "",
                        GeneratedDocPage.cell(meaning.replace("..", ".")));
    }

    private static String name(ArgSpec argument) {
        return switch (argument) {
            case PositionalParamSpec parameter -> "`" + parameter.paramLabel() + "`";
            case OptionSpec option
            when option.arity().max() > 0 ->
                "`" + String.join("`, `", option.names()) + " " + option.paramLabel() + "`";
            case OptionSpec option -> "`" + String.join("`, `", option.names()) + "`";
            default -> throw new IllegalArgumentException(argument.toString());
        };
    }

    private static Optional<String> subcommands(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Optional.empty()
                : Optional.of(command.getSubcommands().values().stream()
                        .map(CommandLine::getCommandSpec)
                        .map(spec -> "- [%s](#%s): %s"
                                .formatted(
                                        spec.name(),
                                        spec.qualifiedName("-"),
                                        String.join(" ", spec.usageMessage().header())))
                        .collect(Collectors.joining("\n")));
    }

    /** Returns the text of the footer except examples and what this page says above. */
    private static String notes(CommandLine command) {
        return footer(command)
                .filter(line -> !EXAMPLE.matcher(line).matches()
                        && !line.startsWith("Example")
                        && !line.startsWith("Exit codes"))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    private static Stream<String> examplesOf(CommandLine command) {
        return footer(command).map(EXAMPLE::matcher).filter(Matcher::matches).map(example -> example.group(1));
    }

    private static Stream<String> footer(CommandLine command) {
        return Arrays.stream(command.getCommandSpec().usageMessage().footer());
    }
}
