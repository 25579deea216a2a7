package dev.reverie.monitoring;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** The runbooks of the alerts. The build packages them from {@code docs/runbooks}. */
public final class Runbooks {

    public static final String PATH = "/runbooks/";

    private static final Pattern NAME = Pattern.compile("[A-Za-z]+");

    private Runbooks() {}

    /**
     * Returns the text of a runbook, in Markdown.
     *
     * @param name name of the alert, or {@code README} for the list of all runbooks
     * @return empty if no runbook has this name
     */
    public static Optional<String> page(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try (InputStream page = Runbooks.class.getResourceAsStream("runbooks/" + name + ".md")) {
            return page == null
                    ? Optional.empty()
                    : Optional.of(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
