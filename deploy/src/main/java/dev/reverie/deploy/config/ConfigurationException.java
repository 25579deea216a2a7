package dev.reverie.deploy.config;

import java.util.List;

/** A configuration that cannot be meant; says everything that is wrong with it, not only the first. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * Wrong in one or more ways.
     *
     * @param problems one sentence each: what is wrong, where it was set, and what is allowed
     */
    public ConfigurationException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
