package dev.reverie.gpu.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A forgetting event")
class ForgettingEventsTest {

    @Test
    @DisplayName("is a wrong prediction after a right one, not an image that was never predicted right")
    void counts() {
        // given: four images in five predictions; + is right
        List<String> predictions = List.of("+-++", "+--+", "+-+-", "+-++", "+-+-");
        ForgettingEvents events = new ForgettingEvents(4);

        predictions.forEach(step -> events.record(image -> step.charAt(image) == '+'));

        // then: image 3 is forgotten twice, 2 once, 1 was never right, 0 always
        assertThat(events.mostForgotten(4)).containsExactly(3, 2, 0, 1);
        assertThat(events.mostForgotten(2)).containsExactly(3, 2);
    }

    @Test
    @DisplayName("does not occur before the first prediction; ties keep the order of the images")
    void unrecorded() {
        assertThat(new ForgettingEvents(3).mostForgotten(2)).containsExactly(0, 1);
    }
}
