package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A Debian package with the files of a dataset. The package is downloaded and unpacked, but not installed, so fetching
 * it needs no root privileges and does not change the system.
 */
record DebianPackage(String packageName, String aptGet, String dpkgDeb) implements DatasetRelease.Source {

    private static final int LIMIT_MINUTES = 10;

    DebianPackage(String packageName) {
        this(packageName, "apt-get", "dpkg-deb");
    }

    @Override
    public String name() {
        return "Debian package " + packageName;
    }

    /** Gets a file out of the package, which is downloaded for the first file. */
    @Override
    public Path get(ReleaseFile file, Path workFolder, LongConsumer arrived) throws IOException {
        Path unpacked = workFolder.resolve("unpacked");
        if (!Files.exists(unpacked)) {
            download(workFolder);
            Path archive = find(workFolder, name -> name.startsWith(packageName + "_") && name.endsWith(".deb"))
                    .orElseThrow(() -> new IOException(aptGet + " reported success, but downloaded no package"));
            run(workFolder, List.of(dpkgDeb, "--extract", archive.toString(), unpacked.toString()));
        }
        return find(unpacked, file.spellings()::contains)
                .orElseThrow(() -> new IOException("it does not provide " + file.name()));
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
        run(workFolder, command);
    }

    /**
     * Runs a program, which writes its messages to a log and gets no input, so that it cannot wait for any.
     *
     * @throws IOException if the program is not installed, fails, or takes more than ten minutes
     */
    private static void run(Path folder, List<String> command) throws IOException {
        String program = command.getFirst();
        Path log = folder.resolve("log.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8"); // only English error messages are recognised
        Process process = started(builder, program);
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException(program + " did not finish within " + LIMIT_MINUTES + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new IOException(program + " failed: " + complaint(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process started(ProcessBuilder builder, String program) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(program + " is not installed, or cannot be started", e);
        }
    }

    /** Returns the first line that is marked as an error, or else the last one. */
    private static String complaint(Path log) throws IOException {
        byte[] messages = Files.readAllBytes(log); // may contain names in another encoding
        List<String> lines = new String(messages, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return lines.stream()
                .filter(line -> line.startsWith("E: "))
                .findFirst()
                .orElseGet(() -> lines.isEmpty() ? "no reason given" : lines.getLast());
    }

    /** Finds a file in any folder below {@code folder} by its name. */
    private static Optional<Path> find(Path folder, Predicate<String> name) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> name.test(String.valueOf(file.getFileName())))
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .findFirst();
        }
    }
}
