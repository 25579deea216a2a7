package dev.reverie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the reference that is made from the code: held to it, or written anew with {@value #WRITE}. */
public final class GeneratedDocPage {

    private static final String WRITE = "reverie.docs.write";
    private static final Path REFERENCE = Path.of("..", "docs", "reference");

    private GeneratedDocPage() {}

    /** What a page says of how it is made, in Markdown. */
    public static String origin(Class<?> test) {
        return """
                Generated from the code. After a change write it anew:

                ```sh
                mvn -pl deploy -am test -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false -D%s=true
                ```
                """.formatted(test.getSimpleName(), WRITE);
    }

    /** Compares {@code docs/reference/NAME} with what it should be; writes it first if that is wanted. */
    public static void hold(String name, String content) throws IOException {
        Path page = REFERENCE.resolve(name);
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(REFERENCE);
            Files.writeString(page, content);
        }
        assertThat(page).content().isEqualTo(content);
    }

    /** Plain text as Markdown, for a cell of a table. */
    public static String cell(String text) {
        return text.replaceAll("[|*_<]", "\\\\$0");
    }
}
