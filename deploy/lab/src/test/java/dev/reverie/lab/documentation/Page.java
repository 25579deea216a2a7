package dev.reverie.lab.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param name relative to the root of the project, for example {@code docs/tutorial.md}
 * @param blocks its fenced blocks, in order
 */
record Page(String name, List<Block> blocks) {

    /** The root of the project; the tests of this module run in the folder above it. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern FENCE = Pattern.compile("( *)```(\\S*)");

    Page {
        blocks = List.copyOf(blocks);
    }

    /** The pages whose commands readers follow: README, tutorial, guides and runbooks. */
    static List<Page> followed() throws IOException {
        List<Path> paths = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("docs/tutorial.md")));
        for (String folder : List.of("docs/guides", "docs/runbooks")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
                files.filter(path -> path.toString().endsWith(".md")).sorted().forEach(paths::add);
            }
        }
        return paths.stream().map(Page::of).toList();
    }

    @Override
    public String toString() {
        return name;
    }

    static Page of(Path path) {
        try {
            return new Page(ROOT.relativize(path).toString(), blocks(Files.readAllLines(path)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A fence in a list is indented; the lines of its block have the same indent. */
    private static List<Block> blocks(List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        Optional<Matcher> open = Optional.empty();
        List<String> content = new ArrayList<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            Matcher fence = FENCE.matcher(line);
            if (open.isEmpty() && fence.matches()) {
                open = Optional.of(fence);
                content.clear();
            } else if (open.isPresent() && line.strip().equals("```")) {
                blocks.add(new Block(open.get().group(2), number - content.size(), content));
                open = Optional.empty();
            } else if (open.isPresent()) {
                content.add(line.substring(Math.min(open.get().group(1).length(), line.length())));
            }
        }
        return blocks;
    }
}
