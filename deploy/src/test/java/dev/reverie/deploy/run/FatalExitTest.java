package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An exit of the JVM that no command has asked for")
class FatalExitTest {

    private final List<String> notes = new ArrayList<>();
    private final List<Integer> codes = new ArrayList<>();

    @Test
    @DisplayName("says what to do when memory ran out, and has exit code 1")
    void explains() throws InterruptedException {
        try (FatalExit exit = new FatalExit("raise -Xmx.", notes::add, codes::add)) {
            exit.hook().start();
            exit.hook().join();
        }

        assertThat(notes)
                .containsExactly("The error above has ended the process. If it is an OutOfMemoryError, raise -Xmx.");
        assertThat(codes).containsExactly(1);
    }

    @Test
    @DisplayName("has exit code 1 even if there is no memory to say what to do")
    void haltsWithoutMemory() throws InterruptedException {
        Consumer<String> failing = note -> {
            throw new OutOfMemoryError(note);
        };
        try (FatalExit exit = new FatalExit("raise -Xmx.", failing, codes::add)) {
            exit.hook().setUncaughtExceptionHandler((_, _) -> {});
            exit.hook().start();
            exit.hook().join();
        }

        assertThat(codes).containsExactly(1);
    }

    @Test
    @DisplayName("is not explained when the command has ended")
    void endsWithTheCommand() {
        FatalExit exit = new FatalExit("raise -Xmx.", notes::add, codes::add);

        exit.close();

        assertThat(Runtime.getRuntime().removeShutdownHook(exit.hook())).isFalse();
    }
}
