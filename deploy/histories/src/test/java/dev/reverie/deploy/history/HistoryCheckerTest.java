package dev.reverie.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("The checker of histories")
class HistoryCheckerTest {

    private final Script script = new Script();

    private void assertExplained() {
        assertThat(HistoryChecker.check(script.history())).isEqualTo(new Verdict.Explained());
    }

    private void assertUnexplained() {
        assertThat(HistoryChecker.check(script.history())).isInstanceOf(Verdict.Unexplained.class);
    }

    private static Answer.Classes shown(String label, long seen) {
        return new Answer.Classes(Map.of(label, new Answer.ClassView(seen, false)));
    }

    private static final Answer.Classes NONE = new Answer.Classes(Map.of());

    @Nested
    @DisplayName("for samples")
    class Samples {

        @Test
        @DisplayName("accepts that they are counted once")
        void countedOnce() {
            script.at(1, 2).deliver("cat/1", "cat/2").accepted(2, 0);
            script.at(3, 4).deliver("cat/2", "cat/3").accepted(1, 1);
            script.at(5, 6).readClasses().gets(shown("cat", 3));
            script.at(7, 8).readStatus().gets(new Answer.Status(3, 1));

            assertExplained();
        }

        @Test
        @DisplayName("convicts a service that counts one twice")
        void countedTwice() {
            script.at(1, 2).deliver("cat/1").accepted(1, 0);
            script.at(3, 4).deliver("cat/1").accepted(1, 0);

            assertUnexplained();
        }

        @Test
        @DisplayName("convicts a service that shows fewer than it has acknowledged")
        void shownLess() {
            script.at(1, 2).deliver("cat/1", "cat/2").accepted(2, 0);
            script.at(3, 4).readClasses().gets(shown("cat", 1));

            assertUnexplained();
        }

        @Test
        @DisplayName("convicts a service that shows fewer than it has shown")
        void shownLessThanBefore() {
            script.at(1, 9).deliver("cat/1").accepted(1, 0);
            script.at(2, 3).readClasses().gets(shown("cat", 1));
            script.at(4, 5).readClasses().gets(NONE);

            assertUnexplained();
        }

        @Test
        @DisplayName("accepts any count between what must be and what may be in")
        void between() {
            script.at(1, 9).deliver("cat/1").accepted(1, 0);
            script.at(2, 8).deliver("cat/2", "cat/3").accepted(2, 0);
            script.at(3, 4).readClasses().gets(shown("cat", 2));
            script.at(5, 6).readStatus().gets(new Answer.Status(3, 1));

            assertExplained();
        }

        @Test
        @DisplayName("convicts a service that shows part of a delivery to one class")
        void partOfOneClass() {
            script.at(1, 9).deliver("cat/1", "cat/2").accepted(2, 0);
            script.at(3, 4).readClasses().gets(shown("cat", 1));

            assertUnexplained();
        }

        @Test
        @DisplayName("convicts a service that acknowledges fewer samples than it got")
        void lessThanSent() {
            script.at(1, 2).deliver("cat/1", "cat/2").accepted(1, 0);

            assertUnexplained();
        }

        @Test
        @DisplayName("accepts that two deliveries of the same sample share it in either order")
        void race() {
            script.at(1, 5).deliver("cat/1").accepted(0, 1);
            script.at(2, 6).deliver("cat/1").accepted(1, 0);

            assertExplained();
        }

        @Test
        @DisplayName("convicts a service that stored what it said it had not stored")
        void notStored() {
            script.at(1, 2).deliver("cat/1").gets(new Answer.NotStored("507"));
            script.at(3, 4).deliver("cat/1").accepted(0, 1);

            assertUnexplained();
        }

        @Test
        @DisplayName("convicts a service that refuses a valid delivery")
        void refused() {
            script.at(1, 2).deliver("cat/1").gets(new Answer.Unexpected("422"));

            assertUnexplained();
        }
    }

    @Nested
    @DisplayName("for a service that was killed")
    class Kills {

        @Test
        @DisplayName("convicts the loss of an acknowledged sample")
        void loss() {
            script.at(1, 2).deliver("cat/1").accepted(1, 0);
            script.deathAt(3);
            script.at(4, 5).deliver("cat/1").accepted(1, 0);

            assertUnexplained();
        }

        @Test
        @DisplayName("accepts that an unanswered delivery is stored, or not")
        void unanswered() {
            script.at(1, 3).deliver("cat/1").unanswered();
            script.at(2, 3).deliver("dog/1").unanswered();
            script.deathAt(4);
            script.at(5, 6).deliver("cat/1").accepted(1, 0);
            script.at(7, 8).deliver("dog/1").accepted(0, 1);

            assertExplained();
        }

        @Test
        @DisplayName("convicts an unanswered delivery that takes effect after the kill")
        void late() {
            script.at(1, 3).deliver("cat/1").unanswered();
            script.deathAt(4);
            script.at(5, 6).readStatus().gets(new Answer.Status(0, 0));
            script.at(7, 8).readStatus().gets(new Answer.Status(1, 1));

            assertUnexplained();
        }

        @Test
        @DisplayName("accepts an unanswered delivery of which one class has its samples and another one does not")
        void part() {
            script.at(1, 3).deliver("cat/1", "dog/1").unanswered();
            script.deathAt(4);
            script.at(5, 6).readClasses().gets(shown("dog", 1));

            assertExplained();
        }

        @Test
        @DisplayName("convicts an unanswered delivery that is stored in part within a class")
        void partOfOneClass() {
            script.at(1, 3).deliver("cat/1", "cat/2").unanswered();
            script.deathAt(4);
            script.at(5, 6).readClasses().gets(shown("cat", 1));

            assertUnexplained();
        }

        @Test
        @DisplayName("convicts the loss of one class of a delivery that was acknowledged")
        void lossOfPart() {
            script.at(1, 2).deliver("cat/1", "dog/1").accepted(2, 0);
            script.deathAt(3);
            script.at(4, 5).readClasses().gets(shown("dog", 1));

            assertUnexplained();
        }

        @Test
        @DisplayName("accepts an answer that the client reads after the kill")
        void answerReadLate() {
            script.at(1, 5).deliver("cat/1").accepted(1, 0);
            script.deathAt(4);
            script.at(6, 7).readClasses().gets(shown("cat", 1));

            assertExplained();
        }
    }

    @Nested
    @DisplayName("for a DELETE")
    class Deletes {

        @Test
        @DisplayName("accepts that a new sample creates the class again")
        void createdAgain() {
            script.at(1, 2).deliver("cat/1", "cat/2").accepted(2, 0);
            script.at(3, 4).delete("cat").gets(new Answer.Done());
            script.at(5, 6).readClasses().gets(NONE);
            script.at(7, 8).deliver("cat/1").accepted(1, 0);
            script.at(9, 10).readClasses().gets(shown("cat", 1));

            assertExplained();
        }

        @Test
        @DisplayName("accepts that a delivery of two classes creates the class again")
        void createdAgainWithAnother() {
            script.at(1, 2).deliver("cat/1").accepted(1, 0);
            script.at(3, 9).delete("cat").gets(new Answer.Done());
            script.at(4, 10).deliver("cat/1", "dog/1").accepted(2, 0);
            script.at(11, 12).deliver("cat/1").accepted(0, 1);

            assertExplained();
        }

        @Test
        @DisplayName("convicts a service that shows the class after the answer")
        void shownAfterwards() {
            script.at(1, 2).deliver("cat/1").accepted(1, 0);
            script.at(3, 4).delete("cat").gets(new Answer.Done());
            script.at(5, 6).readMemory().gets(new Answer.Memory(Set.of("cat")));

            assertUnexplained();
        }

        @Test
        @DisplayName("convicts a class that comes back after a kill")
        void comesBack() {
            script.at(1, 2).deliver("cat/1").accepted(1, 0);
            script.at(3, 4).delete("cat").gets(new Answer.Done());
            script.deathAt(5);
            script.at(6, 7).readClasses().gets(shown("cat", 1));

            assertUnexplained();
        }

        @Test
        @DisplayName("convicts one without an answer that hides a class which is there again after a kill")
        void hidden() {
            script.at(1, 2).deliver("cat/1").accepted(1, 0);
            script.at(3, 9).delete("cat").unanswered();
            script.at(4, 5).readStatus().gets(new Answer.Status(0, 0));
            script.deathAt(10);
            script.at(11, 12).readClasses().gets(shown("cat", 1));

            assertUnexplained();
        }

        @Test
        @DisplayName("convicts one that finds no class although the class comes back")
        void notFound() {
            script.at(1, 2).deliver("cat/1").accepted(1, 0);
            script.at(3, 9).delete("cat").unanswered();
            script.at(4, 5).delete("cat").gets(new Answer.NotFound());
            script.deathAt(10);
            script.at(11, 12).readClasses().gets(shown("cat", 1));

            assertUnexplained();
        }

        @Test
        @DisplayName("accepts that it finds a class whose only delivery failed")
        void emptyClass() {
            script.at(1, 2).deliver("cat/1").unanswered();
            script.at(3, 4).delete("cat").gets(new Answer.Done());

            assertExplained();
        }

        @Test
        @DisplayName("convicts one that finds a class which never was")
        void neverWas() {
            script.at(1, 2).delete("cat").gets(new Answer.Done());

            assertUnexplained();
        }
    }
}
