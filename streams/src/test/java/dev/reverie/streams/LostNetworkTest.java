package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.DistillationException;
import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A distillation that selects its initial images by a trained network")
class LostNetworkTest extends AbstractEngineDistillationTest {

    private final AtomicInteger questions = new AtomicInteger();

    LostNetworkTest(@TempDir Path folder) {
        super(AbstractExpertDistillationTest.small(Method.HERDING).build(), folder);
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"HERDING", "K_MEANS", "FORGETTING", "DREAM_PLUS"})
    @DisplayName("fails if the engine fails during the selection, instead of selecting by an untrained network")
    void failsWithTheEngine(Method method) {
        settings = AbstractExpertDistillationTest.selecting(method, 8, 160);

        Throwable failure = RunSettings.failureOf(
                Distillation.start(request("lost", false), this::failingOnce, List.of(), InstantSource.system())
                        .result());

        assertThat(failure)
                .isInstanceOf(DistillationException.class)
                .hasMessageContaining("the worker failed and lost the network that selects the initial images");
    }

    /** An engine that fails when it is first asked about images; the worker then asks another engine. */
    private DistillationEngine failingOnce() {
        return WatchedCalls.before(DistillationEngine.class, engine(), (method, _) -> {
            if ((method.equals("select") || method.equals("classify")) && questions.getAndIncrement() == 0) {
                throw new IllegalStateException("the device is gone");
            }
        });
    }
}
