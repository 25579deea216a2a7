package dev.reverie.actors.run;

import dev.reverie.actors.DistillationException;
import java.util.Optional;

/** Detects that the class steps of a run only fail, so that the run would go on without a result. Not thread safe. */
final class FailingRunDetector {

    /** Number of consecutive inner loops without a successful class step after which the run fails. */
    private static final int MAX_LOOPS = 10;

    private int loopsWithoutStep;

    /**
     * Notes the end of an inner loop.
     *
     * @param stepped whether at least one class step succeeded
     * @return why the run fails; empty if it goes on
     */
    Optional<DistillationException> onLoopClosed(boolean stepped) {
        loopsWithoutStep = stepped ? 0 : loopsWithoutStep + 1;
        return loopsWithoutStep < MAX_LOOPS
                ? Optional.empty()
                : Optional.of(new DistillationException("no class step has succeeded in " + loopsWithoutStep
                        + " inner loops; the warnings give the reason: if memory ran out, use a smaller --width or"
                        + " --ipc, and if the loss was not finite, a smaller --learning-rate"));
    }
}
