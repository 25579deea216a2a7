package dev.reverie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares a generated page of the reference with the code, or updates it if {@value #WRITE} is set. */
public final class GeneratedDocPage {

    private static final String WRITE = "reverie.docs.write";
    private static final Path REFERENCE = Path.of("..", "docs", "reference");

    private GeneratedDocPage() {}

    /** Returns the Markdown that says how a page is generated: by a test of the module in a folder. */
    public static String origin(String module, Class<?> test) {
        return """
                This page is generated from the code. To regenerate it:

                ```sh
                mvn -pl %s -am test -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false -D%s=true
                ```
                """.formatted(module, test.getSimpleName(), WRITE);
    }

    /** Compares {@code docs/reference/NAME} with its expected content; updates the page first on request. */
    public static void assertUpToDate(String name, String content) throws IOException {
        Path page = REFERENCE.resolve(name);
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(REFERENCE);
            Files.writeString(page, content);
        }
        assertThat(page).content().isEqualTo(content);
    }

    /** Escapes plain text for a cell of a Markdown table. */
    public static String cell(String text) {
        return text.replaceAll("[|*_<]", "\\\\$0");
    }
}
