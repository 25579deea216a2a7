package dev.reverie.lab.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs the commands of a page in one shell, from the first to the last, so that later blocks see the variables and
 * files of earlier ones, and compares their output with the page.
 */
final class Rehearsal {

    private static final long TIMEOUT_SECONDS = 840;

    /** The time that services have to end after a timeout, before the time limit of the test. Then they are killed. */
    private static final long END_SECONDS = 50;

    /** The start of every script. */
    private static final String PROLOGUE = """
            set -eu -o pipefail
            trap './reverie end' EXIT
            # The Python of the system has NumPy; another Python that comes first on the path may not.
            PATH=/usr/bin:$PATH
            # Runs a command that must end with the given exit code.
            fails() { local code=0; "${@:2}" || code=$?; [ "$code" = "$1" ]; }
            """;

    /** A number, with the spaces that align it. */
    private static final Pattern NUMBER = Pattern.compile(" *[0-9]+([.,:][0-9]+)*");

    private final RehearsalFolder folder;
    private final Map<String, String> environment;

    Rehearsal(RehearsalFolder folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = Map.copyOf(environment);
    }

    /** Runs {@code setUp} and the commands of {@code pages}, and compares their output with that shown in the pages. */
    void perform(List<Page> pages, List<String> setUp) throws Exception {
        Path outputs = Files.createDirectory(folder.path().resolve("outputs"));
        List<String> script = new ArrayList<>(List.of(PROLOGUE));
        script.addAll(redirected(setUp.stream().map(this::adapted).toList(), outputs.resolve("set-up")));
        for (Page page : pages) {
            for (Block block : page.blocks()) {
                script.addAll(redirected(commandsOf(block), outputOf(page, block, outputs)));
            }
        }
        run(String.join("\n", script), outputs);
        for (Page page : pages) {
            compare(page, outputs);
        }
    }

    /** Returns the commands that replace those of a block. */
    private List<String> commandsOf(Block block) {
        if (block.isPython()) {
            return List.of("python3 - <<'PYTHON'\n" + adapted(String.join("\n", block.lines())) + "\nPYTHON");
        }
        return block.commands().stream()
                .filter(command -> !Deviations.skips(command))
                .map(this::adapted)
                .toList();
    }

    private String adapted(String command) {
        String adapted = Deviations.applyTo(command);
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            adapted = adapted.replace("{" + variable.getKey() + "}", variable.getValue());
        }
        return adapted;
    }

    /** Returns lines of a script that write the output of the commands to a file. */
    private static List<String> redirected(List<String> commands, Path file) {
        if (commands.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of("echo '" + file.getFileName() + "'", "{"));
        lines.addAll(commands);
        lines.add("} >'" + file + "' 2>&1");
        return lines;
    }

    private static Path outputOf(Page page, Block block, Path outputs) {
        return outputs.resolve(page.name().replace('/', '-') + ":" + block.line());
    }

    private void run(String script, Path outputs) throws IOException, InterruptedException {
        Path log = folder.path().resolve("rehearsal.log");
        ProcessBuilder builder = new ProcessBuilder(
                        "bash",
                        Files.writeString(folder.path().resolve("rehearsal.sh"), script)
                                .toString())
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process shell = builder.start();
        boolean ended = false;
        try {
            ended = shell.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } finally {
            if (!ended) {
                kill(shell);
            }
        }
        assertThat(ended && shell.exitValue() == 0)
                .as(() -> "the commands of %s succeed; the last block printed:%n%s"
                        .formatted(contentOf(log).strip().replace("\n", ", "), lastOutput(outputs, log)))
                .isTrue();
    }

    /**
     * Kills the shell with its commands, and ends the services, which are no longer below it. Kills those that do not
     * end in time.
     */
    private void kill(Process shell) throws IOException, InterruptedException {
        destroy(shell.toHandle());
        shell.waitFor();
        Process end = new ProcessBuilder(folder.path().resolve("reverie").toString(), "end")
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!end.waitFor(END_SECONDS, TimeUnit.SECONDS) || end.exitValue() != 0) {
            destroy(end.toHandle());
            folder.services().forEach(Rehearsal::destroy);
        }
    }

    private static void destroy(ProcessHandle process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String lastOutput(Path outputs, Path log) {
        List<String> started = contentOf(log).lines().toList();
        return started.isEmpty() ? "nothing" : contentOf(outputs.resolve(started.getLast()));
    }

    private static String contentOf(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void compare(Page page, Path outputs) {
        Optional<Block> previous = Optional.empty();
        for (Block block : page.blocks()) {
            if (block.isOutput()) {
                Block command = previous.orElseThrow(() -> new AssertionError(
                        page.name() + ":" + block.line() + " shows output without the command that prints it"));
                if (!commandsOf(command).isEmpty()) {
                    compare(page, block, contentOf(outputOf(page, command, outputs)));
                }
            }
            previous = Optional.of(block).filter(each -> each.isShell() || each.isPython());
        }
    }

    /**
     * Numbers may differ, and the output may have further lines before, between and after these. Dots within a line
     * stand for any text; a line of dots only tells the reader of further lines.
     */
    private static void compare(Page page, Block block, String output) {
        Iterator<String> lines = output.lines().iterator();
        for (String line : block.lines()) {
            Pattern expected = Pattern.compile(regexOf(line));
            boolean found = line.strip().equals("...");
            while (!found && lines.hasNext()) {
                found = expected.matcher(lines.next()).matches();
            }
            assertThat(found)
                    .as(() -> "%s:%d: the output contains, after the lines before it, the line%n%s%nThe output is%n%s"
                            .formatted(page.name(), block.line(), line, output))
                    .isTrue();
        }
    }

    private static String regexOf(String line) {
        return List.of(line.split("\\.\\.\\.", -1)).stream()
                .map(part -> List.of(NUMBER.split(part, -1)).stream()
                        .map(Pattern::quote)
                        .collect(Collectors.joining(NUMBER.pattern())))
                .collect(Collectors.joining(".*"));
    }
}
