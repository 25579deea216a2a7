package dev.reverie.gpu.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.tensor.Kernels.Precision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The working memory of a compute thread")
class ThreadWorkspaceTest {

    private static final int ALWAYS_KEPT = 100;

    private final ThreadWorkspace workspace =
            new ThreadWorkspace(Device.referenceKernels(Precision.DOUBLE), ALWAYS_KEPT);

    @AfterEach
    void close() {
        workspace.close();
        assertThat(workspace.heldElements()).isZero();
    }

    @Test
    @DisplayName("is reused by later steps of the same shapes")
    void reuses() {
        stepOf(3000);
        long first = workspace.allocatedElements();
        stepOf(3000);

        assertThat(workspace.allocatedElements()).isEqualTo(first);
    }

    @Test
    @DisplayName("holds no more than the largest step, however many shapes there are")
    void isBounded() {
        for (int size = 1000; size > 0; size--) {
            stepOf(size);
        }

        assertThat(workspace.heldElements()).isBetween(1L, 1000L);
    }

    @Test
    @DisplayName("keeps what was used last")
    void keepsTheLatest() {
        stepOf(1000);
        for (int size = 300; size > 200; size--) {
            stepOf(size);
        }
        long before = workspace.allocatedElements();
        stepOf(201);

        assertThat(workspace.allocatedElements()).isEqualTo(before);
    }

    @Test
    @DisplayName("is given back when it is freed, and no longer bounded by earlier steps")
    void isFreed() {
        stepOf(1000);
        workspace.take(10);

        workspace.free();

        assertThat(workspace.heldElements()).isZero();
        for (int size = 200; size > 0; size--) {
            stepOf(size);
        }
        assertThat(workspace.heldElements()).isBetween(1L, 200L);
    }

    @Test
    @DisplayName("keeps small tensors of all shapes")
    void keepsSmall() {
        for (int size = 1; size <= 10; size++) {
            stepOf(size);
        }
        long before = workspace.allocatedElements();
        for (int size = 1; size <= 10; size++) {
            stepOf(size);
        }

        assertThat(workspace.allocatedElements()).isEqualTo(before);
    }

    @Test
    @DisplayName("never frees a tensor that is in use")
    void keepsUsed() {
        try (ThreadWorkspace.Scope step = workspace.scope()) {
            Tensor used = workspace.take(500);
            used.fill(7);
            for (int size = 1; size <= 400; size++) {
                try (ThreadWorkspace.Scope inner = workspace.scope()) {
                    workspace.take(size).fill(1);
                }
            }
            assertThat(used.toFloats()).containsOnly(7);
        }
    }

    private void stepOf(int elements) {
        try (ThreadWorkspace.Scope step = workspace.scope()) {
            workspace.take(elements);
        }
    }
}
