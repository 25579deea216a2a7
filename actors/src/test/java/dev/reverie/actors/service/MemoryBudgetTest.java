package dev.reverie.actors.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A memory budget")
class MemoryBudgetTest {

    private static final int BYTES = 784;

    @Test
    @DisplayName("without a total gives each class the same number, however many classes exist")
    void perClass() {
        assertThat(MemoryBudget.perClass(10).share(1, BYTES)).isEqualTo(10);
        assertThat(MemoryBudget.perClass(10).share(1000, BYTES)).isEqualTo(10);
    }

    @Test
    @DisplayName("divides a total of images, up to the maximum per class and at least one image each")
    void ofImages() {
        MemoryBudget budget = new MemoryBudget(10, OptionalInt.of(40), OptionalLong.empty());
        assertThat(budget.share(2, BYTES)).isEqualTo(10);
        assertThat(budget.share(4, BYTES)).isEqualTo(10);
        assertThat(budget.share(5, BYTES)).isEqualTo(8);
        assertThat(budget.share(7, BYTES)).isEqualTo(5);
        assertThat(budget.share(100, BYTES)).isEqualTo(1);
    }

    @Test
    @DisplayName("divides a total of bytes by the size of an image")
    void ofBytes() {
        MemoryBudget budget = new MemoryBudget(10, OptionalInt.empty(), OptionalLong.of(40L * BYTES));
        assertThat(budget.share(5, BYTES)).isEqualTo(8);
        assertThat(budget.share(5, 2 * BYTES)).isEqualTo(4);
    }

    @Test
    @DisplayName("allows at least one image")
    void hasRoom() {
        assertThatIllegalArgumentException().isThrownBy(() -> MemoryBudget.perClass(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryBudget(1, OptionalInt.of(0), OptionalLong.empty()));
    }
}
