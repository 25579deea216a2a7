package dev.reverie.lab.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The glossary")
class GlossaryTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\|[^|]*\\|[^|]*\\| ([^|]+) \\|$");
    private static final Pattern TYPE = Pattern.compile("`(\\w+)`");

    private List<String> terms = List.of();
    private List<String> types = List.of();

    @BeforeEach
    void readPage() throws IOException {
        String page = Files.readString(Page.ROOT.resolve("docs/reference/glossary.md"));
        terms = ROW.matcher(page)
                .results()
                .map(row -> row.group(1))
                .filter(term -> !term.equals("term"))
                .toList();
        types = ROW.matcher(page)
                .results()
                .flatMap(row -> TYPE.matcher(row.group(2)).results())
                .map(type -> type.group(1))
                .toList();
    }

    @Test
    @DisplayName("has each term once, in alphabetical order")
    void terms() {
        assertThat(terms).isNotEmpty().isSorted().doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("names types that exist")
    void types() throws IOException {
        assertThat(types).isNotEmpty();
        assertThat(mainTypes()).containsAll(types);
    }

    /** The simple names of the top-level types in the main code of all modules. */
    private static Set<String> mainTypes() throws IOException {
        Set<String> names = new HashSet<>(typesIn(Page.ROOT.resolve("deploy/lab/src/main/java")));
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(Page.ROOT, Files::isDirectory)) {
            for (Path module : modules) {
                names.addAll(typesIn(module.resolve("src/main/java")));
            }
        }
        return names;
    }

    private static List<String> typesIn(Path sources) throws IOException {
        if (Files.notExists(sources)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .toList();
        }
    }
}
