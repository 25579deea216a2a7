package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.gpu.tensor.Kernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** A command line whose output is captured. */
public final class CapturedTerminal {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Supplier<Kernels> kernels;
    private Map<String, String> environment = Map.of();
    private Set<String> properties = Set.of();
    private EngineFactory engines = (_, _, _) -> {
        throw unwanted();
    };
    private Optional<CommandProvider> commands = Optional.empty();

    /** Creates a command line without a device; commands that request one fail. */
    public CapturedTerminal() {
        this(() -> {
            throw unwanted();
        });
    }

    private CapturedTerminal(Supplier<Kernels> kernels) {
        this.kernels = kernels;
    }

    /** Creates a command line for commands that use only the kernels of a device. */
    public static CapturedTerminal with(Supplier<Kernels> kernels) {
        return new CapturedTerminal(kernels);
    }

    /** Creates a command line for commands that compute with these engines. */
    public static CapturedTerminal with(EngineFactory engines) {
        CapturedTerminal terminal = new CapturedTerminal();
        terminal.engines = engines;
        return terminal;
    }

    /** Adds these commands instead of those of the modules on the class path. */
    public CapturedTerminal withCommands(CommandProvider provider) {
        commands = Optional.of(provider);
        return this;
    }

    /** Runs commands with these environment variables. */
    public CapturedTerminal withEnvironment(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    /** Runs commands with system properties of these names. */
    public CapturedTerminal withProperties(String... names) {
        properties = Set.of(names);
        return this;
    }

    private static AssertionError unwanted() {
        return new AssertionError("no work should have begun");
    }

    public int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    /** Runs a command that must succeed, and returns what it has printed on stdout. */
    public String succeeds(String... arguments) {
        assertThat(run(arguments)).as(err()).isEqualTo(ExitCode.DONE);
        return out();
    }

    /** Runs a command that must refuse its input, and say this on stderr. */
    public void refuses(String reason, String... arguments) {
        assertThat(run(arguments)).as(err()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err()).contains(reason);
    }

    /** Splits a command line at its blanks. */
    public static String[] words(String line) {
        return line.split(" ", -1);
    }

    /** Returns what was printed on stdout, which must be one JSON object. */
    public JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out());
    }

    public CommandLine commandLine() {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, false, 80);
        CliContext context = new CliContext(
                terminal, environment, properties, engines, kernels, InstantSource.system(), System::nanoTime);
        return commands.map(each -> ReverieCommandLine.create(context, List.of(each)))
                .orElseGet(() -> ReverieCommandLine.create(context));
    }

    public String out() {
        return out.toString();
    }

    public String err() {
        return err.toString();
    }
}
