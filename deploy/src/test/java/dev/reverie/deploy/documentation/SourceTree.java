package dev.reverie.deploy.documentation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The sources under test. */
final class SourceTree {

    private SourceTree() {}

    /** The commit that is checked out; empty outside a clone, or without Git. */
    static String commit() {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "HEAD")
                    .directory(Page.ROOT.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
