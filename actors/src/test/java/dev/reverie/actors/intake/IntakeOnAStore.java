package dev.reverie.actors.intake;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.store.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of an intake that may be started again on its store; in a file, where nothing else is said. */
abstract class IntakeOnAStore {

    private static final IntakeLimits LIMITS = new IntakeLimits(4, 50, 1 << 20, 1 << 20, 1000, 10_000, 64 << 10);

    private Path folder;
    RunningIntake intake;

    @BeforeEach
    void open(@TempDir Path temporary) {
        folder = temporary;
        intake = reopened();
    }

    @AfterEach
    void close() {
        intake.close();
    }

    /** What every message between actors goes through in a variant of these tests. */
    Config configuration() {
        return ConfigFactory.empty();
    }

    /** The same one every time in a test. */
    Store openStore() {
        return Store.inFolder(folder);
    }

    private RunningIntake reopened() {
        return RunningIntake.on(openStore(), LIMITS, configuration());
    }

    void restart() {
        intake.close();
        intake = reopened();
    }
}
