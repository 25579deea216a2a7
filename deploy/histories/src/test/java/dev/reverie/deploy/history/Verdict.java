package dev.reverie.deploy.history;

/** The result of checking a history. */
public sealed interface Verdict {

    /** Some order of events explains every answer. */
    record Explained() implements Verdict {}

    /**
     * No order of events explains every answer.
     *
     * @param report the operations that fit into no order after the longest part of the history that could be explained
     */
    record Unexplained(String report) implements Verdict {}

    /**
     * The search was given up.
     *
     * @param states number of states that were searched
     * @param report the operations that fit into no order after the longest part that could be explained so far
     */
    record Undecided(int states, String report) implements Verdict {}
}
