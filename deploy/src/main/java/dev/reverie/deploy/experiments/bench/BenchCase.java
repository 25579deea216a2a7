package dev.reverie.deploy.experiments.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** Something whose time is worth knowing; its components say what it is. */
public interface BenchCase {

    /** In words, for example {@code one class step at 1x28x28, width 128}. */
    @JsonIgnore
    String title();
}
