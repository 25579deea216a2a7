package dev.reverie.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The checker of a history with many unanswered requests")
class UnansweredRequestsTest {

    private static final int MANY = 40;
    private static final int FEW = 4;

    private final Script script = new Script();

    private Verdict check() {
        return HistoryChecker.check(script.history());
    }

    private void manyUnanswered() {
        for (int i = 0; i < MANY; i++) {
            script.at(i, MANY).deliver("dog/" + i, "eel/" + i).unanswered();
            script.at(i, MANY).delete("eel").unanswered();
        }
    }

    @Test
    @DisplayName("accepts that the right ones were stored")
    void stored() {
        manyUnanswered();
        script.at(MANY + 1, MANY + 2).deliver("cat/1").accepted(1, 0);
        script.deathAt(MANY + 3);
        script.at(MANY + 4, MANY + 5)
                .readClasses()
                .gets(new Answer.Classes(Map.of("cat", new Answer.ClassView(1, false))));
        script.at(MANY + 6, MANY + 7).deliver("cat/1").accepted(0, 1);

        assertThat(check()).isEqualTo(new Verdict.Explained());
    }

    @Test
    @DisplayName("accepts that they were stored long after their clients stopped waiting")
    void storedLate() {
        for (int i = 0; i < MANY; i++) {
            script.at(i, i + 1).deliver("dog/" + i, "eel/" + i).unanswered();
        }
        long late = 10_000_000_000L;
        script.at(late, late + 1).readStatus().gets(new Answer.Status(0, 0));
        script.at(late + 2, late + 3).readStatus().gets(new Answer.Status(6, 2));
        script.at(late + 4, late + 5).deliver("dog/7", "eel/7").accepted(0, 2);

        assertThat(check()).isEqualTo(new Verdict.Explained());
    }

    @Test
    @DisplayName("convicts the loss of a sample of another class")
    void loss() {
        manyUnanswered();
        script.at(1, 2).deliver("cat/1").accepted(1, 0);
        script.deathAt(MANY + 1);
        script.at(MANY + 2, MANY + 3).deliver("cat/1").accepted(1, 0);

        assertThat(check()).isInstanceOf(Verdict.Unexplained.class);
    }

    @Test
    @DisplayName("convicts totals that none of them explains")
    void totals() {
        for (int i = 0; i < FEW; i++) {
            script.at(i, MANY)
                    .deliver("dog/a" + i, "dog/b" + i, "eel/a" + i, "eel/b" + i)
                    .unanswered();
        }
        script.at(MANY + 1, MANY + 2).readStatus().gets(new Answer.Status(2, 1));
        script.deathAt(MANY + 3);
        script.at(MANY + 4, MANY + 5).readStatus().gets(new Answer.Status(3, 2));

        assertThat(check()).isInstanceOf(Verdict.Unexplained.class);
    }

    @Test
    @DisplayName("convicts totals below the samples of a class that nothing deletes")
    void totalsBelow() {
        script.at(0, 1).deliver("cat/1", "cat/2").accepted(2, 0);
        manyUnanswered();
        script.at(MANY + 1, MANY + 2).readStatus().gets(new Answer.Status(1, 1));

        assertThat(check()).isInstanceOf(Verdict.Unexplained.class);
    }
}
