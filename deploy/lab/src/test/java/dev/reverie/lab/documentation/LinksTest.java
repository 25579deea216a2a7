package dev.reverie.lab.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A page of the documentation")
class LinksTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)|<img src=\"([^\"]+)\"");
    private static final Pattern TEST = Pattern.compile("-D(?:it\\.)?test=(\\w+)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern MARKUP = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");
    private static final Pattern NOT_IN_AN_ANCHOR = Pattern.compile("[^\\p{L}\\p{N} _-]");

    private static final List<String> MODULES = List.of(
            "npz",
            "clients/java",
            "gpu",
            "gpu/torch",
            "gpu/onnx",
            "actors",
            "streams",
            "monitoring",
            "deploy",
            "deploy/lab",
            "deploy/histories");

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
    @DisplayName("links to files and headings that exist")
    void links(Path page) throws IOException {
        List<String> targets = matches(LINK, page)
                .map(LinksTest::target)
                .filter(target -> !target.contains("://"))
                .toList();

        for (String target : targets) {
            String[] parts = target.split("#", 2);
            Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
            assertThat(file).as("%s links to %s", page, target).exists();
            if (parts.length == 2) {
                assertThat(anchors(file)).as("%s links to %s", page, target).contains(parts[1]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    @DisplayName("runs tests that exist")
    void tests(Path page) throws IOException {
        Set<String> tests = matches(TEST, page)
                .map(test -> test.group(1))
                .filter(test -> !test.equals("none"))
                .collect(Collectors.toSet());

        for (String test : tests) {
            assertThat(MODULES).as("%s runs %s", page, test).anyMatch(module -> hasTest(module, test));
        }
    }

    private static Stream<MatchResult> matches(Pattern pattern, Path page) throws IOException {
        return pattern.matcher(Files.readString(page)).results();
    }

    private static boolean hasTest(String module, String test) {
        try (Stream<Path> files = Files.walk(Page.ROOT.resolve(module).resolve("src/test/java"))) {
            return files.anyMatch(file -> file.endsWith(test + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(MatchResult link) {
        return link.group(1) == null ? link.group(2) : link.group(1);
    }

    /** Returns the anchors of the headings of a page, as GitHub generates them. */
    private static List<String> anchors(Path page) throws IOException {
        return matches(HEADING, page).map(heading -> anchor(heading.group(1))).toList();
    }

    private static String anchor(String heading) {
        String text = MARKUP.matcher(heading).replaceAll("$1");
        return NOT_IN_AN_ANCHOR
                .matcher(text.strip().toLowerCase(Locale.ROOT))
                .replaceAll("")
                .replace(' ', '-');
    }
}
