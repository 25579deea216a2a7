package dev.reverie.deploy.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A page of the documentation")
class LinksTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)");

    static List<Path> pages() throws IOException {
        try (Stream<Path> below = Files.walk(Page.ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md").map(Page.ROOT::resolve),
                            below.filter(path -> path.toString().endsWith(".md")))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    @DisplayName("links to files that there are")
    void links(Path page) throws IOException {
        List<String> targets = LINK.matcher(Files.readString(page))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.contains("://"))
                .toList();

        for (String target : targets) {
            String file = target.replaceFirst("#.*", "");
            assertThat(page.resolveSibling(file))
                    .as("%s links to %s", page, target)
                    .exists();
        }
    }
}
