package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Signals that tests send. */
public final class TestSignals {

    public static final int HUP = 1;
    public static final int INT = 2;

    private TestSignals() {}

    /**
     * Whether this process and those that it starts handle a signal, rather than ignore it since their start. A job in
     * the background of a shell ignores SIGINT, and a process that {@code nohup} started ignores SIGHUP.
     */
    public static boolean isHandled(int signal) throws Exception {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16) & (1L << (signal - 1))) == 0;
    }

    /** Sends a signal to this process. */
    static void sendToThisProcess(String signal) throws Exception {
        String self = Long.toString(ProcessHandle.current().pid());
        assertThat(new ProcessBuilder("kill", "-" + signal, self).start().waitFor())
                .isZero();
    }
}
