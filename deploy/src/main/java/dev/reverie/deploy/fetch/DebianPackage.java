package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Debian package with the files of a dataset. It is downloaded and unpacked, but not installed, so that the fetch
 * needs no root and does not change the system.
 */
record DebianPackage(String packageName, String aptGet, String dpkgDeb) implements DatasetSource {

    DebianPackage(String packageName) {
        this(packageName, "apt-get", "dpkg-deb");
    }

    @Override
    public String name() {
        return "Debian package " + packageName;
    }

    @Override
    public void deliver(List<ReleaseFile> wanted, Path workshop, Recipient recipient) throws IOException {
        download(workshop);
        ExternalProgram.of(
                        workshop,
                        List.of(dpkgDeb, "--fsys-tarfile", archive(workshop).toString()))
                .run(tar -> TarballExtractor.deliver(tar, wanted, recipient));
    }

    private void download(Path workshop) throws IOException {
        try {
            aptGet(workshop, List.of(), "download", packageName);
        } catch (IOException _) {
            downloadWithFreshLists(workshop);
        }
    }

    /** Downloads with private package lists, because a fresh system has none and only root may update them. */
    private void downloadWithFreshLists(Path workshop) throws IOException {
        Path lists = workshop.resolve("lists");
        Path cache = workshop.resolve("cache");
        Files.createDirectories(lists.resolve("partial"));
        Files.createDirectories(cache.resolve("archives").resolve("partial"));
        List<String> options =
                List.of("-o", "Dir::State::Lists=" + lists, "-o", "Dir::Cache=" + cache, "-o", "Debug::NoLocking=1");
        aptGet(workshop, options, "update");
        aptGet(workshop, options, "download", packageName);
    }

    private void aptGet(Path workshop, List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(aptGet, "-q", "-o", "Acquire::http::Timeout=30"));
        command.addAll(options);
        command.addAll(List.of(arguments));
        ExternalProgram.of(workshop, command).run();
    }

    private Path archive(Path workshop) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(workshop, packageName + "_*.deb")) {
            for (Path archive : archives) {
                return archive;
            }
        }
        throw new IOException(aptGet + " reported success, but downloaded no package");
    }
}
