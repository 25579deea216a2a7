package dev.reverie.deploy.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder that looks like a checkout to the launcher: the real script, one source file, and stubs of Java and Maven
 * that print their arguments. The launcher finds no other JDK.
 */
final class Checkout {

    private static final List<String> MODULES = List.of("gpu", "gpu/torch", "gpu/onnx", "clients/java", "deploy/lab");
    private static final String USUAL_FOLDERS = "(?s)for candidate in .*?; do";
    private static final List<String> PROGRAMS_THE_SCRIPT_MAY_USE =
            List.of("cat", "dirname", "find", "flock", "grep", "head", "mkdir", "readlink", "sed", "touch", "uname");

    private final Path root;
    private final Path bin;
    private final Map<String, String> environment = new HashMap<>();

    private Checkout(Path root) {
        this.root = root;
        this.bin = root.resolve("usr/bin");
    }

    /** The result of one run of the launcher. */
    record Outcome(int exitCode, String out, String err) {}

    static Checkout in(Path folder) {
        Checkout checkout = new Checkout(folder);
        try {
            checkout.layOut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return checkout;
    }

    private void layOut() throws IOException {
        String script = Files.readString(Path.of("..", "reverie"));
        program(
                root.resolve("project/reverie"),
                script.replaceFirst(USUAL_FOLDERS, "for candidate in " + root.resolve("jvm") + "/*; do"));
        Files.createDirectories(root.resolve("project"));
        Files.writeString(root.resolve("project/pom.xml"), "<project/>");
        for (String module : MODULES) {
            Files.createDirectories(source(module).getParent());
            Files.writeString(source(module), "class Thing {}");
            Files.writeString(root.resolve("project/" + module + "/pom.xml"), "<project/>");
        }
        for (String name : PROGRAMS_THE_SCRIPT_MAY_USE) {
            for (Path real : List.of(Path.of("/usr/bin", name), Path.of("/bin", name))) {
                if (Files.isExecutable(real)) {
                    program(bin.resolve(name), "#!/bin/sh\nexec " + real + " \"$@\"\n");
                }
            }
        }
        environment.put("PATH", bin.toString());
        environment.put("HOME", root.toString());
    }

    Path source(String module) {
        return root.resolve("project/" + module + "/src/main/java/Thing.java");
    }

    /** Adds an unpacked archive, with a stub of Java that prints its arguments, and returns its launcher. */
    Path withArchive() throws IOException {
        program(
                root.resolve("archive/runtime/bin/java"),
                Files.readString(withJdk("25").resolve("bin/java")));
        Path launcher = root.resolve("archive/bin/reverie");
        program(launcher, Files.readString(Path.of("src/main/archive/reverie")));
        return launcher;
    }

    Path launcher() {
        return root.resolve("project/reverie");
    }

    /** Installs a JDK in one of the usual folders. */
    Path withJdk(String version) throws IOException {
        Path home = root.resolve("jvm").resolve("jdk-" + version);
        program(
                home.resolve("bin/java"),
                "#!/bin/sh\necho \"java $0\"\nfor a; do echo \"[$a]\"; done\nexit ${EXIT_CODE:-0}\n");
        program(home.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Us\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    /** Installs a Maven whose builds succeed. */
    Checkout withMaven() throws IOException {
        return withMaven("3.9.11");
    }

    /** Installs a version of Maven, whose builds succeed. */
    Checkout withMaven(String version) throws IOException {
        return withMavenAt(bin.resolve("mvn"), "maven", version);
    }

    /** Adds a Maven wrapper whose builds succeed. */
    Checkout withMavenWrapper() throws IOException {
        return withMavenAt(root.resolve("project/mvnw"), "mvnw", "3.9.11");
    }

    private Checkout withMavenAt(Path file, String name, String version) throws IOException {
        program(file, """
                #!/bin/sh
                if [ "$*" = -v ]; then
                    echo "Apache Maven %2$s (of a test)"
                    exit
                fi
                echo "%3$s on $JAVA_HOME: $*"
                echo "$*" >>%1$s/builds
                mkdir -p %1$s/project/deploy/target/reverie/lib/lab
                : >%1$s/project/deploy/target/reverie/lib/lab/reverie-lab.jar
                echo lib/nd4j-native.jar >%1$s/project/deploy/target/reverie/classpath
                case "$*" in
                    *'!gpu/torch'*) exit ;;
                    *-Dtorch.variant=-gpu*) variant=-gpu ;;
                    *) variant= ;;
                esac
                mkdir -p %1$s/project/gpu/torch/target/lib
                cd %1$s/project/gpu/torch/target/lib
                for platform in linux-x86_64 macosx-arm64; do
                    echo libtorch >"pytorch-2.10.0-$platform$variant.jar"
                done
                """.formatted(root, version, name));
        return this;
    }

    /** Installs a program that does nothing. */
    Checkout withProgram(String name) throws IOException {
        program(bin.resolve(name), "#!/bin/sh\n");
        return this;
    }

    /** Installs a Maven whose compiler reports an error. */
    Checkout withFailingMaven() throws IOException {
        program(bin.resolve("mvn"), """
                #!/bin/sh
                if [ "$*" = -v ]; then
                    echo "Apache Maven 3.9.11 (of a test)"
                    exit
                fi
                echo "[INFO] a lot of talk"
                echo "[ERROR] Thing.java:[1,1] not a statement"
                exit 1
                """);
        return this;
    }

    Checkout with(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    /** Removes the libraries of libtorch, as a build by Maven does before it copies them. */
    void removeLibtorch() throws IOException {
        Path libraries = root.resolve("project/gpu/torch/target/lib");
        for (String platform : List.of("linux-x86_64", "macosx-arm64")) {
            for (String variant : List.of("", "-gpu")) {
                Files.deleteIfExists(libraries.resolve("pytorch-2.10.0-" + platform + variant + ".jar"));
            }
        }
    }

    /** Makes the source file newer than the last build. */
    void editSourceOf(String module) throws IOException {
        Files.setLastModifiedTime(source(module), FileTime.from(Instant.parse("2100-01-01T00:00:00Z")));
    }

    /** Returns the arguments of all runs of Maven so far. */
    List<String> builds() throws IOException {
        Path builds = root.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
    }

    Outcome start(String... arguments) throws IOException, InterruptedException {
        return start(launcher(), arguments);
    }

    Outcome start(Path launcher, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(root, "out", "");
        Path err = Files.createTempFile(root, "err", "");
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments))
                        .toList())
                .directory(root.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("the launcher did not end within a minute");
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static void program(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Path draft = path.resolveSibling(path.getFileName() + ".draft");
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(draft, path, StandardCopyOption.REPLACE_EXISTING);
    }
}
