package dev.reverie.deploy.config;

import java.util.List;

/** Reports all problems in a configuration. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** Takes a sentence for each problem, which says what is wrong and what is allowed. */
    public ConfigurationException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
