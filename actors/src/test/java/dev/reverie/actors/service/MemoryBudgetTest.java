package dev.reverie.actors.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.reverie.actors.lifecycle.ClassCommand.ChangeQuota;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A memory budget")
class MemoryBudgetTest {

    private static final Coding CODING = new Coding(PictureFormat.JPEG, 60, OptionalLong.of(1000));

    @Test
    @DisplayName("without a total gives each class the same share, however many classes exist")
    void perClass() {
        MemoryBudget budget = new MemoryBudget(10, CODING, OptionalInt.empty(), OptionalLong.empty());

        assertThat(budget.share(1, 10)).isEqualTo(new ChangeQuota(10, 1000));
        assertThat(budget.share(1000, 10)).isEqualTo(new ChangeQuota(10, 1000));
        assertThat(MemoryBudget.perClass(10).share(1, 10)).isEqualTo(new ChangeQuota(10, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource({"28, 100", "32, 100", "64, 48", "128, 12", "224, 10"})
    @DisplayName("expects no more images of a class than fit into its bytes, but ten")
    void fitting(int side, int images) {
        Coding coding = new Coding(PictureFormat.WEBP, 30, OptionalLong.of(16 << 10));
        MemoryBudget budget = new MemoryBudget(100, coding, OptionalInt.empty(), OptionalLong.empty());

        assertThat(budget.imagesPerClass(new ImageShape(3, side, side))).isEqualTo(images);
        assertThat(MemoryBudget.perClass(100).imagesPerClass(new ImageShape(3, side, side)))
                .isEqualTo(100);
    }

    @Test
    @DisplayName("never expects more images of a class than are configured")
    void configured() {
        MemoryBudget budget = new MemoryBudget(4, CODING, OptionalInt.empty(), OptionalLong.empty());

        assertThat(budget.imagesPerClass(new ImageShape(3, 8, 8))).isEqualTo(4);
    }

    @Test
    @DisplayName("divides a total of images, up to the maximum per class and at least one image each")
    void ofImages() {
        MemoryBudget budget = new MemoryBudget(10, CODING, OptionalInt.of(40), OptionalLong.empty());

        assertThat(budget.images(2)).isEqualTo(10);
        assertThat(budget.images(4)).isEqualTo(10);
        assertThat(budget.images(5)).isEqualTo(8);
        assertThat(budget.images(7)).isEqualTo(5);
        assertThat(budget.images(100)).isEqualTo(1);
    }

    @Test
    @DisplayName("divides a total of bytes, up to the maximum per class")
    void ofBytes() {
        MemoryBudget budget = new MemoryBudget(10, CODING, OptionalInt.empty(), OptionalLong.of(4000));

        assertThat(budget.coding(3)).isEqualTo(CODING);
        assertThat(budget.coding(8)).isEqualTo(CODING.within(500));
        assertThat(budget.share(8, 10)).isEqualTo(new ChangeQuota(10, 500));
    }

    @Test
    @DisplayName("gives a class no more images than the heap has room for")
    void room() {
        assertThat(MemoryBudget.perClass(10).share(3, 7).images()).isEqualTo(7);
    }

    @Test
    @DisplayName("refuses a limit below one")
    void limits() {
        assertThatIllegalArgumentException().isThrownBy(() -> MemoryBudget.perClass(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryBudget(1, CODING, OptionalInt.of(0), OptionalLong.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryBudget(1, CODING, OptionalInt.empty(), OptionalLong.of(0)));
    }
}
