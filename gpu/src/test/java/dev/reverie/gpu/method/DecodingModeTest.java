package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.method.DecodingMode.Cell;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The decoded images of a class")
class DecodingModeTest {

    @Test
    @DisplayName("are every stored image by the factor, cell by cell")
    void single() {
        assertThat(DecodingMode.SINGLE.cells(2, 2, 128))
                .containsExactly(
                        new Cell(0, 0, 2),
                        new Cell(1, 0, 2),
                        new Cell(0, 1, 2),
                        new Cell(1, 1, 2),
                        new Cell(0, 2, 2),
                        new Cell(1, 2, 2),
                        new Cell(0, 3, 2),
                        new Cell(1, 3, 2));
    }

    @Test
    @DisplayName("can be every stored image by every factor up to the maximum")
    void multi() {
        assertThat(byFactor(DecodingMode.MULTI.cells(5, 3, 128))).isEqualTo("1: 5, 2: 20, 3: 45");
    }

    @ParameterizedTest(name = "{0} images, factor {1}, {2} seen")
    @CsvSource({
        "10, 3, 128, '3: 90'",
        "20, 3, 128, '1: 5, 2: 12, 3: 108'",
        "50, 3, 128, '1: 39, 2: 12, 3: 72'",
        "200, 3, 128, '1: 200'",
    })
    @DisplayName("can be the first images by the factor and the others by smaller factors, as long as all fit")
    void bound(int stored, int factor, int most, String expected) {
        List<Cell> cells = DecodingMode.BOUND.cells(stored, factor, most);

        assertThat(byFactor(cells)).isEqualTo(expected);
        assertThat(cells.stream().map(Cell::stored).distinct()).hasSize(stored);
        assertThat(cells).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(Math.max(stored, most));
    }

    private static String byFactor(List<Cell> cells) {
        return cells.stream()
                .collect(Collectors.groupingBy(Cell::factor, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
