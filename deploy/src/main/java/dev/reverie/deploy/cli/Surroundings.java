package dev.reverie.deploy.cli;

import dev.reverie.deploy.progress.Progress;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.deploy.run.EngineFactory;
import java.time.InstantSource;

/** What the commands find in place: who they talk to, the device they compute on, the clock. */
public record Surroundings(Terminal terminal, EngineFactory engines, InstantSource clock) {

    /** Shows progress, unless a script reads along: then only to a person. */
    Progress progress(boolean json) {
        return new Progress(terminal, clock, json);
    }
}
