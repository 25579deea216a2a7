package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.Versions;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        Versions versions = Versions.current();
        return new String[] {"reverie " + versions.reverie() + " (Java " + versions.java() + ")"};
    }
}
