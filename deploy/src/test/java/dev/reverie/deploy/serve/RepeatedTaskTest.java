package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.reverie.gpu.CapturedLog;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A repeated task")
class RepeatedTaskTest {

    @Test
    @DisplayName("does not pass on its failures, and logs the first one and then ever fewer, until it succeeds")
    void fails() {
        Runnable broken = () -> {
            throw new IllegalStateException("broken");
        };
        Runnable unlinked = () -> {
            throw new NoClassDefFoundError("missing");
        };
        Runnable sound = () -> {};
        Queue<Runnable> runs = new ArrayDeque<>(List.of(broken, unlinked, sound, broken, broken, broken));
        RepeatedTask task = new RepeatedTask(() -> runs.remove().run());

        try (CapturedLog log = new CapturedLog(RepeatedTask.class)) {
            assertThatCode(task::run).doesNotThrowAnyException();
            assertThatCode(task::run).doesNotThrowAnyException();

            assertThat(log.take()).singleElement(STRING).startsWith("WARN A regular check failed");

            // and when
            task.run();
            task.run();

            assertThat(log.take()).hasSize(1);

            // and when
            task.run();
            task.run();

            assertThat(log.take()).hasSize(1);
        }
    }
}
