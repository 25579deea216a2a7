package dev.reverie.actors.intake;

import dev.reverie.actors.store.Store;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Base of tests with an intake that can be restarted on its store, which is in a file by default. */
abstract class AbstractIntakeTest {

    private static final IntakeLimits LIMITS =
            new IntakeLimits(4, 50, 1 << 20, 1 << 20, 1000, 10_000, 1 << 20, Optional.empty());

    private Path folder;

    @AutoClose
    RunningIntake intake;

    @BeforeEach
    void open(@TempDir Path temporary) {
        folder = temporary;
        intake = reopen();
    }

    /** The limits of the intake; tests of other limits override it. */
    IntakeLimits limits() {
        return LIMITS;
    }

    /** Opens the store; always the same one within a test. */
    Store openStore() {
        return Store.inFolder(folder);
    }

    private RunningIntake reopen() {
        return RunningIntake.on(openStore(), limits());
    }

    void restart() {
        intake.close();
        intake = reopen();
    }
}
