package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The lock of a folder")
class FolderLockTest {

    private static final int PROCESSES = 4;
    private static final long TIMEOUT_SECONDS = 120;

    @Test
    @DisplayName("has one owner at a time")
    void excludesOthers(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("lock");
        List<Process> owners = new ArrayList<>();
        for (int process = 0; process < PROCESSES; process++) {
            owners.add(start(Owner.class, file));
        }

        for (Process owner : owners) {
            assertThat(exitCode(owner)).isZero();
        }
        assertThat(folder.toFile().list()).containsExactly("lock");
    }

    @Test
    @DisplayName("keeps other processes out even if its own process tries to take it again, by any path")
    void keepsOthersOut(@TempDir Path folder) throws Exception {
        Path file = Files.createDirectory(folder.resolve("store")).resolve("lock");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("store"));
        try (FolderLock _ = FolderLock.by(file).orElseThrow()) {

            assertThat(FolderLock.by(file)).isEmpty();
            assertThat(FolderLock.by(link.resolve("lock"))).isEmpty();
            assertThat(FolderLock.shared(file)).isEmpty();

            assertThat(isFreeForOthers(file)).isFalse();
        }
        assertThat(isFreeForOthers(file)).isTrue();
    }

    @Test
    @DisplayName("stays with its owner if the previous owner releases it once more")
    void closedTwice(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("lock");
        FolderLock previous = FolderLock.by(file).orElseThrow();
        previous.close();
        try (FolderLock _ = FolderLock.by(file).orElseThrow()) {
            previous.close();

            assertThat(file).exists();
            assertThat(FolderLock.by(file)).isEmpty();
            assertThat(isFreeForOthers(file)).isFalse();
        }
    }

    private static boolean isFreeForOthers(Path file) throws Exception {
        int exitCode = exitCode(start(Attempt.class, file));
        assertThat(exitCode).isIn(Attempt.FREE, Attempt.LOCKED);
        return exitCode == Attempt.FREE;
    }

    private static Process start(Class<?> program, Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        file.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static int exitCode(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return process.exitValue();
    }

    /** Tries to take the lock, and tells by its exit code whether it was free. */
    static final class Attempt {

        private static final int FREE = 10;
        private static final int LOCKED = 11;

        private Attempt() {}

        public static void main(String[] arguments) throws IOException {
            System.exit(FolderLock.by(Path.of(arguments[0])).isPresent() ? FREE : LOCKED);
        }
    }

    /** Takes the lock many times, and fails if there is another owner at the same time. */
    static final class Owner {

        private static final int TIMES = 500;

        private Owner() {}

        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            Path owned = file.resolveSibling("owned");
            int times = 0;
            while (times < TIMES) {
                Optional<FolderLock> lock = FolderLock.by(file);
                if (lock.isPresent()) {
                    Files.createFile(owned); // fails if it exists
                    Files.delete(owned);
                    lock.get().close();
                    times++;
                }
            }
        }
    }
}
