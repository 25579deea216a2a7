package dev.reverie.actors.reservoir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The share of test images")
class TestShareTest {

    private static final double SHARE = 0.05;
    private static final int IMAGES = 20_000;

    /** The first images of a class, which are always learned from. */
    private static final int FIRST = 20;

    private final TestShare share = new TestShare(7, SHARE);

    @Test
    @DisplayName("contains as many of the images as it says, chosen by their content and the key")
    void asManyAsItSays() {
        double deviation = Math.sqrt(IMAGES * SHARE * (1 - SHARE));
        assertThat((double) count(share, FIRST)).isCloseTo(IMAGES * SHARE, within(5 * deviation));
        assertThat(LongStream.range(0, IMAGES)
                        .filter(content ->
                                share.contains(FIRST, content) && new TestShare(8, SHARE).contains(FIRST, content))
                        .count())
                .isLessThan(Math.round(IMAGES * SHARE / 5));
    }

    @Test
    @DisplayName("contains an image whenever it arrives, once the first images of the class have arrived")
    void whenever() {
        for (long content = 0; content < IMAGES; content++) {
            assertThat(share.contains(FIRST, content)).isEqualTo(share.contains(1_000_000, content));
        }
        assertThat(count(share, FIRST - 1)).isZero();
    }

    @Test
    @DisplayName("of zero contains no image, and one above a half is refused")
    void limits() {
        assertThat(count(new TestShare(7, 0), 1_000_000)).isZero();
        assertThatThrownBy(() -> new TestShare(7, 0.6))
                .hasMessage("the share of test images must be from 0 to 0.5, not 0.6");
    }

    @Test
    @DisplayName("leaves room for at least one test image, unless it is zero")
    void capacity() {
        assertThat(TestShare.capacity(SHARE, 5_000)).isEqualTo(250);
        assertThat(TestShare.capacity(SHARE, 1)).isEqualTo(1);
        assertThat(TestShare.capacity(0, 5_000)).isZero();
    }

    private static long count(TestShare share, long ordinal) {
        return LongStream.range(0, IMAGES)
                .filter(content -> share.contains(ordinal, content))
                .count();
    }
}
