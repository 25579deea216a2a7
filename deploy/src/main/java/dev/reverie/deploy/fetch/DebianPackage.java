package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Debian package with the files of a dataset. The package is downloaded and unpacked, but not installed, so fetching
 * it needs no root privileges and does not change the system.
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
    public void deliver(List<ReleaseFile> wanted, Path workFolder, Recipient recipient) throws IOException {
        download(workFolder);
        ExternalProgram.of(
                        workFolder,
                        List.of(dpkgDeb, "--fsys-tarfile", archive(workFolder).toString()))
                .run(tar -> TarballExtractor.deliver(tar, wanted, recipient));
    }

    private void download(Path workFolder) throws IOException {
        try {
            aptGet(workFolder, List.of(), "download", packageName);
        } catch (InterruptedIOException interrupted) {
            throw interrupted;
        } catch (IOException _) {
            downloadWithFreshLists(workFolder);
        }
    }

    /**
     * Downloads with separate package lists, because a fresh system has none and only root can update those of the
     * system.
     */
    private void downloadWithFreshLists(Path workFolder) throws IOException {
        Path lists = workFolder.resolve("lists");
        Path cache = workFolder.resolve("cache");
        Files.createDirectories(lists.resolve("partial"));
        Files.createDirectories(cache.resolve("archives").resolve("partial"));
        List<String> options =
                List.of("-o", "Dir::State::Lists=" + lists, "-o", "Dir::Cache=" + cache, "-o", "Debug::NoLocking=1");
        aptGet(workFolder, options, "update");
        aptGet(workFolder, options, "download", packageName);
    }

    private void aptGet(Path workFolder, List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(aptGet, "-q", "-o", "Acquire::http::Timeout=30"));
        command.addAll(options);
        command.addAll(List.of(arguments));
        ExternalProgram.of(workFolder, command).run();
    }

    private Path archive(Path workFolder) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(workFolder, packageName + "_*.deb")) {
            for (Path archive : archives) {
                return archive;
            }
        }
        throw new IOException(aptGet + " reported success, but downloaded no package");
    }
}
