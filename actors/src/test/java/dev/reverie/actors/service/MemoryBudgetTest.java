package dev.reverie.actors.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A memory budget")
class MemoryBudgetTest {

    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);
    private static final int BYTES = 784;
    private static final int PACKED_BYTES = 245;

    @Test
    @DisplayName("without a total gives each class the same number, however many classes exist")
    void perClass() {
        assertThat(MemoryBudget.perClass(10).share(1, SHAPE)).isEqualTo(10);
        assertThat(MemoryBudget.perClass(10).share(1000, SHAPE)).isEqualTo(10);
    }

    @Test
    @DisplayName("divides a total of images, up to the maximum per class and at least one image each")
    void ofImages() {
        MemoryBudget budget =
                new MemoryBudget(10, OptionalLong.empty(), OptionalInt.of(40), OptionalLong.empty(), Bits.EIGHT);
        assertThat(budget.share(2, SHAPE)).isEqualTo(10);
        assertThat(budget.share(4, SHAPE)).isEqualTo(10);
        assertThat(budget.share(5, SHAPE)).isEqualTo(8);
        assertThat(budget.share(7, SHAPE)).isEqualTo(5);
        assertThat(budget.share(100, SHAPE)).isEqualTo(1);
    }

    @Test
    @DisplayName("divides a total of bytes by the size of an image")
    void ofBytes() {
        MemoryBudget budget = totalOf(40L * BYTES, Bits.EIGHT);
        assertThat(budget.share(5, SHAPE)).isEqualTo(8);
        assertThat(budget.share(5, new ImageShape(2, 28, 28))).isEqualTo(4);
        assertThat(totalOf(40L * PACKED_BYTES, Bits.TWO).share(5, SHAPE)).isEqualTo(8);
    }

    @Test
    @DisplayName("gives each class as many images as fit into its bytes, and at least one")
    void bytesPerClass() {
        assertThat(bytes(10 * BYTES, Bits.EIGHT).share(3, SHAPE)).isEqualTo(10);
        assertThat(bytes(10 * BYTES, Bits.TWO).share(3, SHAPE)).isEqualTo(32);
        assertThat(bytes(1, Bits.TWO).share(3, SHAPE)).isEqualTo(1);
    }

    private static MemoryBudget totalOf(long bytes, Bits bits) {
        return new MemoryBudget(10, OptionalLong.empty(), OptionalInt.empty(), OptionalLong.of(bytes), bits);
    }

    private static MemoryBudget bytes(long perClass, Bits bits) {
        return new MemoryBudget(10, OptionalLong.of(perClass), OptionalInt.empty(), OptionalLong.empty(), bits);
    }

    @Test
    @DisplayName("refuses a limit below one")
    void limits() {
        assertThatIllegalArgumentException().isThrownBy(() -> MemoryBudget.perClass(0));
        assertThatIllegalArgumentException().isThrownBy(() -> bytes(0, Bits.EIGHT));
        assertThatIllegalArgumentException().isThrownBy(() -> totalOf(0, Bits.EIGHT));
    }
}
