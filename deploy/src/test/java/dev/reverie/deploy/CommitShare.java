package dev.reverie.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses by the commit that is checked out what of the long tests runs, so that some commits together run all of them.
 * If the environment variable {@value #VARIABLE} is {@value #ALL}, everything runs.
 */
public final class CommitShare {

    static final String VARIABLE = "REVERIE_LONG_TESTS";
    static final String ALL = "all";

    private CommitShare() {}

    /** Returns the items whose positions {@link #includes} includes. */
    public static <T> List<T> of(List<T> all, int parts) {
        int commit = commit().hashCode();
        return IntStream.range(0, all.size())
                .filter(i -> includes(i, commit, parts))
                .mapToObj(all::get)
                .toList();
    }

    /** Whether a position is included: if it has the same remainder, on division by {@code parts}, as the commit. */
    public static boolean includes(int position, int parts) {
        return includes(position, commit().hashCode(), parts);
    }

    private static boolean includes(int position, int commit, int parts) {
        return ALL.equals(System.getenv(VARIABLE)) || Math.floorMod(position - commit, parts) == 0;
    }

    /** The commit that is checked out; empty outside a clone, or without Git. */
    private static String commit() {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "HEAD")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
