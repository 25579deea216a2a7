package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.dataset.published.MnistFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses shell scripts in place of apt-get and dpkg-deb. */
class DebianPackageTest {

    /** Copies the content of the package to the folder that is the third argument. */
    private static final String UNPACK = "cp -r \"$(dirname \"$0\")/data\" \"$3\"";

    private Path bin;
    private Path folder;

    @BeforeEach
    void makeFolders(@TempDir Path parent) throws IOException {
        bin = Files.createDirectory(parent.resolve("bin"));
        folder = parent.resolve("tiny");
        for (MnistFile file : MnistFile.values()) {
            Path packed = bin.resolve("data/usr/share/tiny").resolve(file.fileName() + ".gz");
            Files.createDirectories(packed.getParent());
            Files.write(packed, TinyRelease.gzipped(TinyRelease.content(file)));
        }
    }

    @Test
    @DisplayName("extracts the files from a Debian package")
    void readsDebianPackages() throws IOException {
        DatasetRelease.Source debian = debian("""
                cat # ends at once, because there is no input
                touch dataset-tiny_1.0_all.deb
                """);

        assertThat(fetch(debian)).contains("Debian package dataset-tiny");
    }

    @Test
    @DisplayName("downloads package lists if the system has none")
    void updatesPrivateLists() throws IOException {
        DatasetRelease.Source debian = debian("""
                case "$*" in
                    *update*) test -d lists/partial && touch lists/updated ;;
                    *State::Lists*) test -e lists/updated && touch dataset-tiny_1.0_all.deb ;;
                    *) echo 'E: Unable to locate package dataset-tiny' >&2; exit 100 ;;
                esac
                """);

        assertThat(fetch(debian)).contains("Debian package dataset-tiny");
    }

    @Test
    @DisplayName("works with a relative folder")
    void acceptsRelativeFolders() throws IOException {
        folder = Path.of("").toAbsolutePath().relativize(folder);
        script("apt-get", "touch dataset-tiny_1.0_all.deb");
        script("dpkg-deb", "test -e \"$2\" && " + UNPACK);

        assertThat(fetch(debian())).contains("Debian package dataset-tiny");
    }

    @Test
    @DisplayName("reports why apt-get failed")
    void passesOnAptErrors() throws IOException {
        DatasetRelease.Source debian = debian("""
                echo 'Reading package lists...'
                printf 'E: caf\\351: unable to locate package dataset-tiny\\n' >&2
                echo 'N: and a note' >&2
                exit 100
                """);

        assertThatThrownBy(() -> fetch(debian))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot fetch tiny (Debian package dataset-tiny: " + bin.resolve("apt-get")
                        + " failed: E: caf\ufffd: unable to locate package dataset-tiny); download");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("says that a program is not installed")
    void noticesMissingPrograms() {
        DatasetRelease.Source debian = new DebianPackage("dataset-tiny", "no-such-apt-get", "no-such-dpkg-deb");

        assertThatThrownBy(() -> fetch(debian))
                .hasMessageStartingWith("cannot fetch tiny (Debian package dataset-tiny: no-such-apt-get is not"
                        + " installed, or cannot be started); download");
    }

    @Test
    @DisplayName("fails on a package that cannot be unpacked")
    void noticesDamagedPackages() throws IOException {
        script("apt-get", "touch dataset-tiny_1.0_all.deb");
        script("dpkg-deb", "echo 'dpkg-deb: error: not a Debian format archive' >&2; exit 2");
        assertThatThrownBy(() -> fetch(debian())).hasMessageContaining("not a Debian format archive");
    }

    @Test
    @DisplayName("fails on a package that lacks a file")
    void noticesMissingFiles() throws IOException {
        DatasetRelease.Source debian = debian("touch dataset-tiny_1.0_all.deb");
        Files.delete(bin.resolve("data/usr/share/tiny/t10k-labels-idx1-ubyte.gz"));

        assertThatThrownBy(() -> fetch(debian))
                .hasMessageContaining("Debian package dataset-tiny: it does not provide t10k-labels-idx1-ubyte");
    }

    private DatasetRelease.Source debian(String aptGet) throws IOException {
        script("apt-get", aptGet);
        script("dpkg-deb", UNPACK);
        return debian();
    }

    private DatasetRelease.Source debian() {
        return new DebianPackage(
                "dataset-tiny",
                bin.resolve("apt-get").toString(),
                bin.resolve("dpkg-deb").toString());
    }

    private void script(String name, String body) throws IOException {
        Path script = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Optional<String> fetch(DatasetRelease.Source... sources) throws IOException {
        return new Fetcher(List.of(TinyRelease.from(sources))).fetch("tiny", folder, ProgressView.none());
    }
}
