package dev.reverie.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The checker of histories, for a seal,")
class SealedHistoryTest {

    private final Script script = new Script();

    private void assertExplained() {
        assertThat(HistoryChecker.check(script.history())).isEqualTo(new Verdict.Explained());
    }

    private void assertUnexplained() {
        assertThat(HistoryChecker.check(script.history())).isInstanceOf(Verdict.Unexplained.class);
    }

    @Test
    @DisplayName("accepts that new samples are refused, and that old ones are duplicates")
    void refuses() {
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.at(3, 4).seal("cat").gets(new Answer.Done());
        script.at(5, 6).deliver("cat/1", "cat/2").refuses(0, 1, "cat/2");
        script.at(7, 8).deliver("cat/1").accepted(0, 1);

        assertExplained();
    }

    @Test
    @DisplayName("accepts that the other classes of the delivery get their samples")
    void refusesPart() {
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.at(3, 4).seal("cat").gets(new Answer.Done());
        script.at(5, 6).deliver("cat/2", "dog/1").refuses(1, 0, "cat/2");
        script.deathAt(7);
        script.at(8, 9).deliver("dog/1").accepted(0, 1);

        assertExplained();
    }

    @Test
    @DisplayName("convicts a service that stores a sample it refuses")
    void storesRefused() {
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.at(3, 4).seal("cat").gets(new Answer.Done());
        script.at(5, 6).deliver("cat/2").refuses(0, 0, "cat/2");
        script.at(7, 8).readStatus().gets(new Answer.Status(2, 1));

        assertUnexplained();
    }

    @Test
    @DisplayName("convicts a service that counts a refused sample as a duplicate")
    void countsRefused() {
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.at(3, 4).seal("cat").gets(new Answer.Done());
        script.at(5, 6).deliver("cat/2", "cat/3").refuses(0, 1, "cat/2");

        assertUnexplained();
    }

    @Test
    @DisplayName("convicts a service that refuses a sample it has")
    void refusesKnown() {
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.at(3, 4).seal("cat").gets(new Answer.Done());
        script.at(5, 6).deliver("cat/1").refuses(0, 0, "cat/1");

        assertUnexplained();
    }

    @Test
    @DisplayName("convicts a service that loses what it counted beside a refusal")
    void losesBesideRefusal() {
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.at(3, 4).seal("cat").gets(new Answer.Done());
        script.at(5, 6).deliver("cat/2", "dog/1").refuses(1, 0, "cat/2");
        script.at(7, 8).deliver("dog/1").accepted(1, 0);

        assertUnexplained();
    }

    @Test
    @DisplayName("convicts a service that accepts new samples after the answer")
    void acceptsMore() {
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.at(3, 4).seal("cat").gets(new Answer.Done());
        script.at(5, 6).deliver("cat/2").accepted(1, 0);

        assertUnexplained();
    }

    @Test
    @DisplayName("convicts a service that forgets it after a kill")
    void forgotten() {
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.at(3, 4).seal("cat").gets(new Answer.Done());
        script.deathAt(5);
        script.at(6, 7).readClasses().gets(new Answer.Classes(Map.of("cat", new Answer.ClassView(1, false))));

        assertUnexplained();
    }

    @Test
    @DisplayName("convicts a service that does not find an acknowledged class")
    void notFound() {
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.at(3, 4).seal("cat").gets(new Answer.NotFound());

        assertUnexplained();
    }

    @Test
    @DisplayName("convicts a service that refuses samples of a class that is not sealed")
    void refusesWithoutSeal() {
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.at(3, 4).deliver("cat/2").refuses(0, 0, "cat/2");

        assertUnexplained();
    }
}
