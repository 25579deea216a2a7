package dev.reverie.lab.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** A workload timed by a benchmark; its record components appear as parameters in the JSON output. */
public interface BenchWorkload {

    /** Describes the workload, for example {@code one class step at 1x28x28, width 128}. */
    @JsonIgnore
    String title();
}
