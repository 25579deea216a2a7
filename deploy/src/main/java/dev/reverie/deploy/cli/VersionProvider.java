package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.SoftwareVersions;
import picocli.CommandLine.IVersionProvider;

/** Provides the text of {@code --version}. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        SoftwareVersions versions = SoftwareVersions.current();
        return new String[] {"reverie " + versions.reverie() + " (Java " + versions.java() + ")"};
    }
}
