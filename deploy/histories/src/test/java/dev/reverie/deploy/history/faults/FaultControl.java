package dev.reverie.deploy.history.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The faults of this process. A line {@code FAILPOINT FAULT SKIP} on the standard input arms a fault, which occurs when
 * the failpoint is reached after it was passed SKIP times; the line {@code none} takes it back. When the fault occurs,
 * the process prints {@code reached FAILPOINT}. Thread safe.
 */
public final class FaultControl {

    /** Longer than the service waits for one class when it answers a read. */
    public static final Duration DELAY = Duration.ofMillis(2500);

    private static final int SIGKILLED = 137;

    private static Optional<Armed> armed = Optional.empty();

    private FaultControl() {}

    /** A fault that has not occurred, or is going on. */
    private record Armed(Failpoint failpoint, Fault fault, int skip) {

        static Armed parse(String line) {
            String[] words = line.split(" ", -1);
            return new Armed(Failpoint.valueOf(words[0]), Fault.valueOf(words[1]), Integer.parseInt(words[2]));
        }

        Armed passed() {
            return new Armed(failpoint, fault, skip - 1);
        }
    }

    /** Follows the commands on the standard input, and the given first one, in a thread of its own. */
    static void start(Optional<String> first) {
        first.ifPresent(FaultControl::arm);
        Thread.ofPlatform().daemon().name("fault-control").start(() -> {
            try (BufferedReader commands =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                commands.lines().forEach(FaultControl::arm);
            } catch (IOException ended) {
                Runtime.getRuntime().halt(SIGKILLED);
            }
        });
    }

    private static synchronized void arm(String line) {
        armed = line.equals("none") ? Optional.empty() : Optional.of(Armed.parse(line));
    }

    /** Called by woven code when a failpoint is reached. */
    public static void reach(String name) {
        Failpoint failpoint = Failpoint.valueOf(name);
        due(failpoint).ifPresent(fault -> occur(fault));
    }

    private static synchronized Optional<Fault> due(Failpoint failpoint) {
        if (armed.filter(each -> each.failpoint() == failpoint).isEmpty()) {
            return Optional.empty();
        }
        Armed now = armed.get();
        if (now.skip() > 0) {
            armed = Optional.of(now.passed());
            return Optional.empty();
        }
        if (now.skip() == 0) {
            System.out.println("reached " + failpoint);
            System.out.flush();
        }
        armed = now.fault() == Fault.FULL ? Optional.of(now.passed()) : Optional.empty();
        return Optional.of(now.fault());
    }

    private static void occur(Fault fault) {
        switch (fault) {
            case KILL -> Runtime.getRuntime().halt(SIGKILLED);
            case FREEZE -> {
                while (true) {
                    LockSupport.park();
                }
            }
            case STOP, DISK_FULL, DISK_ERROR, POWER_CUT, DATABASE_KILL, DATABASE_SHUTDOWN -> {}
            case DELAY -> LockSupport.parkNanos(DELAY.toNanos());
            case ERROR -> throwUnchecked(new SQLException("Input/output error"));
            case FULL -> throwUnchecked(new SQLException("No space left on device"));
        }
    }

    /** Throws a checked exception from woven code, whose methods declare it. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwUnchecked(Throwable failure) throws E {
        throw (E) failure;
    }
}
