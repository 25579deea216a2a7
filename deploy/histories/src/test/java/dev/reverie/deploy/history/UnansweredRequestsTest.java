package dev.reverie.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The checker of a history with many unanswered requests")
class UnansweredRequestsTest {

    private final Script script = new Script();

    private Verdict check() {
        return HistoryChecker.check(script.history());
    }

    /** Adds 40 deliveries of two classes, and as many DELETEs of one of them. */
    private void manyUnanswered() {
        for (int i = 0; i < 40; i++) {
            script.add("%d 40 deliver dog/%d eel/%d -> ?".formatted(i, i, i));
            script.add("%d 40 delete eel -> ?".formatted(i));
        }
    }

    @Test
    @DisplayName("accepts that the right ones were stored")
    void stored() {
        manyUnanswered();
        script.add("41 42 deliver cat/1 -> 1 new, 0 known");
        script.add("death 43");
        script.add("44 45 classes -> cat 1");
        script.add("46 47 deliver cat/1 -> 0 new, 1 known");
        assertThat(check()).isEqualTo(new Verdict.Explained());
    }

    @Test
    @DisplayName("accepts that they were stored long after their clients stopped waiting")
    void storedLate() {
        IntStream.range(0, 40).forEach(i -> script.add("%d %d deliver dog/%d eel/%d -> ?".formatted(i, i + 1, i, i)));
        script.add("10000000000 10000000001 status -> 0 of 0");
        script.add("10000000002 10000000003 status -> 6 of 2");
        script.add("10000000004 10000000005 deliver dog/7 eel/7 -> 0 new, 2 known");
        assertThat(check()).isEqualTo(new Verdict.Explained());
    }

    @Test
    @DisplayName("convicts the loss of a sample of another class")
    void loss() {
        manyUnanswered();
        script.add("1 2 deliver cat/1 -> 1 new, 0 known");
        script.add("death 41");
        script.add("42 43 deliver cat/1 -> 1 new, 0 known");
        assertThat(check()).isInstanceOf(Verdict.Unexplained.class);
    }

    @Test
    @DisplayName("convicts totals that none of them explains")
    void totals() {
        IntStream.range(0, 4)
                .forEach(
                        i -> script.add("%d 40 deliver dog/a%d dog/b%d eel/a%d eel/b%d -> ?".formatted(i, i, i, i, i)));
        script.add("41 42 status -> 2 of 1");
        script.add("death 43");
        script.add("44 45 status -> 3 of 2");
        assertThat(check()).isInstanceOf(Verdict.Unexplained.class);
    }

    @Test
    @DisplayName("convicts totals below the samples of a class that nothing deletes")
    void totalsBelow() {
        script.add("0 1 deliver cat/1 cat/2 -> 2 new, 0 known");
        manyUnanswered();
        script.add("41 42 status -> 1 of 1");
        assertThat(check()).isInstanceOf(Verdict.Unexplained.class);
    }
}
