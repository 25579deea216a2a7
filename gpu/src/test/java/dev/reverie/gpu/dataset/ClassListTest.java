package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A list of classes")
class ClassListTest {

    private final ClassList classes = ClassList.of(new TreeMap<>(Map.of(9, "dog", 2, "cat", 5, "bird")));

    @Test
    @DisplayName("finds the position and the name of a class by its index, and the index by its name")
    void finds() {
        assertThat(classes.positionOf(9)).isEqualTo(2);
        assertThat(classes.nameOf(5)).isEqualTo("bird");
        assertThat(classes.indexOf("cat")).hasValue(2);
        assertThat(classes.indexOf("cow")).isEmpty();
        assertThat(classes.contains(3)).isFalse();
        assertThatThrownBy(() -> classes.nameOf(3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("numbers classes from 0 if they have only names")
    void numbers() {
        assertThat(ClassList.of(List.of("a", "b"))).isEqualTo(new ClassList(List.of(0, 1), List.of("a", "b")));
    }

    @Test
    @DisplayName("has integers for its names if all names are integers as a computer writes them")
    void labelValues() {
        assertThat(ClassList.of(List.of("7", "-3", "0", "9223372036854775807")).labelValues())
                .contains(List.of(7L, -3L, 0L, Long.MAX_VALUE));
        for (String other : List.of("cat", "", "007", "+7", "-0", "7.0", "1e3", "٧", "9223372036854775808")) {
            assertThat(ClassList.of(List.of("7", other)).labelValues())
                    .as(other)
                    .isEmpty();
        }
        assertThat(ClassList.of(List.of()).labelValues()).isEmpty();
    }

    @Test
    @DisplayName("has the index of the first of several classes with the same name")
    void sameNames() {
        ClassList unnamed = ClassList.of(List.of("", "cat", ""));

        assertThat(unnamed.indexOf("")).hasValue(0);
    }

    @Test
    @DisplayName("can be limited to the classes below an index")
    void below() {
        assertThat(classes.below(9)).isEqualTo(new ClassList(List.of(2, 5), List.of("cat", "bird")));
        assertThat(classes.below(0).size()).isZero();
    }
}
