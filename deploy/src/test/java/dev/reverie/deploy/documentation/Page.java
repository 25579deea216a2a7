package dev.reverie.deploy.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param name from the root of the project, for example {@code docs/tutorial.md}
 * @param blocks what is fenced in it, in order
 */
record Page(String name, List<Block> blocks) {

    /** The project's root, seen from the module that the tests run in. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern FENCE = Pattern.compile("( *)```(\\S*)");

    Page {
        blocks = List.copyOf(blocks);
    }

    /** All that is written for users, in the order of their names; decision records are for others. */
    static List<Page> all() throws IOException {
        try (Stream<Path> below = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), below.sorted())
                    .filter(path -> path.toString().endsWith(".md"))
                    .filter(Predicate.not(path -> path.startsWith(ROOT.resolve("docs/adr"))))
                    .map(Page::read)
                    .toList();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static Page read(Path path) {
        try {
            return new Page(ROOT.relativize(path).toString(), blocks(Files.readAllLines(path)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A fence in a list is indented, and what it encloses as far. */
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
