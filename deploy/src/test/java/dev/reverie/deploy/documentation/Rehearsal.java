package dev.reverie.deploy.documentation;

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
 * A reader who types what a page says, from its first command to its last, into one shell: so a variable or a file of
 * an earlier block is there in a later one.
 */
final class Rehearsal {

    private static final long PATIENCE_SECONDS = 840;

    /** What every rehearsal begins with. */
    private static final String PROLOGUE = """
            set -eu -o pipefail
            trap './reverie end' EXIT
            python3() { command "$PYTHON" "$@"; }
            # Runs a command that is to end with a certain code.
            fails() { local code=0; "${@:2}" || code=$?; [ "$code" = "$1" ]; }
            """;

    private static final Pattern NUMBER = Pattern.compile("[0-9]+([.,:][0-9]+)*");

    private final RehearsalFolder scene;
    private final Map<String, String> environment;

    Rehearsal(RehearsalFolder scene, Map<String, String> environment) {
        this.scene = scene;
        this.environment = Map.copyOf(environment);
    }

    /** Runs the commands of {@code pages}, and compares what they print with what the pages say that they print. */
    void perform(List<Page> pages, List<String> given) throws Exception {
        Path said = Files.createDirectory(scene.folder().resolve("said"));
        List<String> script = new ArrayList<>(List.of(PROLOGUE));
        script.addAll(part(said.resolve("given"), given.stream().map(this::done).toList()));
        for (Page page : pages) {
            for (Block block : page.blocks()) {
                script.addAll(part(file(said, page, block), typed(block)));
            }
        }
        run(String.join("\n", script), said);
        for (Page page : pages) {
            compare(page, said);
        }
    }

    private List<String> typed(Block block) {
        if (block.isPython()) {
            return List.of("python3 - <<'PYTHON'\n" + done(String.join("\n", block.lines())) + "\nPYTHON");
        }
        return block.commands().stream()
                .filter(command -> !Deviations.isElsewhere(command))
                .map(this::done)
                .toList();
    }

    private String done(String said) {
        String done = Deviations.done(said);
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            done = done.replace("{" + variable.getKey() + "}", variable.getValue());
        }
        return done;
    }

    /** What a block prints goes to a file of its own. */
    private static List<String> part(Path file, List<String> commands) {
        if (commands.isEmpty()) {
            return List.of();
        }
        List<String> part = new ArrayList<>(List.of("echo '" + file.getFileName() + "'", "{"));
        part.addAll(commands);
        part.add("} >'" + file + "' 2>&1");
        return part;
    }

    private static Path file(Path said, Page page, Block block) {
        return said.resolve(page.name().replace('/', '-') + ":" + block.line());
    }

    private void run(String script, Path said) throws IOException, InterruptedException {
        Path log = scene.folder().resolve("rehearsal.log");
        ProcessBuilder builder = new ProcessBuilder(
                        "bash",
                        Files.writeString(scene.folder().resolve("rehearsal.sh"), script)
                                .toString())
                .directory(scene.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process shell = builder.start();
        boolean ended = shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor();
        }
        assertThat(ended && shell.exitValue() == 0)
                .as(() -> "the commands of %s succeed; they said:%n%s"
                        .formatted(text(log).strip().replace("\n", ", "), last(said, log)))
                .isTrue();
    }

    private static String last(Path said, Path log) {
        List<String> begun = text(log).lines().toList();
        return begun.isEmpty() ? "nothing" : text(said.resolve(begun.getLast()));
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void compare(Page page, Path said) {
        Optional<Block> before = Optional.empty();
        for (Block block : page.blocks()) {
            if (block.isOutput()) {
                Block command = before.orElseThrow(() -> new AssertionError(
                        page.name() + ":" + block.line() + " shows what is printed, but not by what"));
                if (!typed(command).isEmpty()) {
                    compare(page, block, text(file(said, page, command)));
                }
            }
            before = Optional.of(block).filter(each -> each.isShell() || each.isPython());
        }
    }

    /** Numbers may differ; a line of dots stands for lines that are left out, dots in a line for a part of it. */
    private static void compare(Page page, Block block, String printed) {
        Iterator<String> lines = printed.lines().iterator();
        for (String line : block.lines()) {
            Pattern wanted = Pattern.compile(form(line));
            boolean found = line.strip().equals("...");
            while (!found && lines.hasNext()) {
                found = wanted.matcher(lines.next()).matches();
            }
            assertThat(found)
                    .as(() -> "%s:%d: the line%n%s%nis printed, after those before it; printed was%n%s"
                            .formatted(page.name(), block.line(), line, printed))
                    .isTrue();
        }
    }

    private static String form(String line) {
        return List.of(line.split("\\.\\.\\.", -1)).stream()
                .map(part -> List.of(NUMBER.split(part, -1)).stream()
                        .map(Pattern::quote)
                        .collect(Collectors.joining(NUMBER.pattern())))
                .collect(Collectors.joining(".*"));
    }
}
