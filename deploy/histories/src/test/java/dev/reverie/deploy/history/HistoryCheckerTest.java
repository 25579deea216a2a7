package dev.reverie.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The checker of histories")
class HistoryCheckerTest {

    /** Histories, as {@link Script} reads them. The first line of each says what the checker does with it. */
    private record Cases(String subject, String histories) {

        Stream<Case> cases() {
            return Stream.of(histories.split("\n\n"))
                    .map(history -> history.split("\n", 2))
                    .map(parts -> new Case(subject + ", " + parts[0], parts[0].startsWith("accepts"), parts[1]));
        }
    }

    private record Case(String name, boolean explained, String history) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Cases SAMPLES = new Cases("for samples", """
            accepts that they are counted once
            1 2 deliver cat/1 cat/2 -> 2 new, 0 known
            3 4 deliver cat/2 cat/3 -> 1 new, 1 known
            5 6 classes -> cat 3
            7 8 status -> 3 of 1

            convicts a service that counts one twice
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 deliver cat/1 -> 1 new, 0 known

            convicts a service that shows fewer than it has acknowledged
            1 2 deliver cat/1 cat/2 -> 2 new, 0 known
            3 4 classes -> cat 1

            convicts a service that shows fewer than it has shown
            1 9 deliver cat/1 -> 1 new, 0 known
            2 3 classes -> cat 1
            4 5 classes -> none

            accepts any count between what must be and what may be in
            1 9 deliver cat/1 -> 1 new, 0 known
            2 8 deliver cat/2 cat/3 -> 2 new, 0 known
            3 4 classes -> cat 2
            5 6 status -> 3 of 1

            convicts a service that shows part of a delivery to one class
            1 9 deliver cat/1 cat/2 -> 2 new, 0 known
            3 4 classes -> cat 1

            convicts a service that acknowledges fewer samples than it got
            1 2 deliver cat/1 cat/2 -> 1 new, 0 known

            accepts that two deliveries of the same sample share it in either order
            1 5 deliver cat/1 -> 0 new, 1 known
            2 6 deliver cat/1 -> 1 new, 0 known

            convicts a service that stored what it said it had not stored
            1 2 deliver cat/1 -> not stored
            3 4 deliver cat/1 -> 0 new, 1 known

            convicts a service that refuses a valid delivery
            1 2 deliver cat/1 -> unexpected""");

    private static final Cases KILLS = new Cases("for a service that was killed", """
            convicts the loss of an acknowledged sample
            1 2 deliver cat/1 -> 1 new, 0 known
            death 3
            4 5 deliver cat/1 -> 1 new, 0 known

            accepts that an unanswered delivery is stored, or not
            1 3 deliver cat/1 -> ?
            2 3 deliver dog/1 -> ?
            death 4
            5 6 deliver cat/1 -> 1 new, 0 known
            7 8 deliver dog/1 -> 0 new, 1 known

            convicts an unanswered delivery that takes effect after the kill
            1 3 deliver cat/1 -> ?
            death 4
            5 6 status -> 0 of 0
            7 8 status -> 1 of 1

            accepts an unanswered delivery of which one class has its samples and another one does not
            1 3 deliver cat/1 dog/1 -> ?
            death 4
            5 6 classes -> dog 1

            convicts an unanswered delivery that is stored in part within a class
            1 3 deliver cat/1 cat/2 -> ?
            death 4
            5 6 classes -> cat 1

            convicts the loss of one class of a delivery that was acknowledged
            1 2 deliver cat/1 dog/1 -> 2 new, 0 known
            death 3
            4 5 classes -> dog 1

            accepts an answer that the client reads after the kill
            1 5 deliver cat/1 -> 1 new, 0 known
            death 4
            6 7 classes -> cat 1""");

    private static final Cases DELETES = new Cases("for a DELETE", """
            accepts that a new sample creates the class again
            1 2 deliver cat/1 cat/2 -> 2 new, 0 known
            3 4 delete cat -> done
            5 6 classes -> none
            7 8 deliver cat/1 -> 1 new, 0 known
            9 10 classes -> cat 1

            accepts that a delivery of two classes creates the class again
            1 2 deliver cat/1 -> 1 new, 0 known
            3 9 delete cat -> done
            4 10 deliver cat/1 dog/1 -> 2 new, 0 known
            11 12 deliver cat/1 -> 0 new, 1 known

            convicts a service that shows the class after the answer
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 delete cat -> done
            5 6 memory -> cat

            convicts a class that comes back after a kill
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 delete cat -> done
            death 5
            6 7 classes -> cat 1

            convicts one without an answer that hides a class which is there again after a kill
            1 2 deliver cat/1 -> 1 new, 0 known
            3 9 delete cat -> ?
            4 5 status -> 0 of 0
            death 10
            11 12 classes -> cat 1

            convicts one that finds no class although the class comes back
            1 2 deliver cat/1 -> 1 new, 0 known
            3 9 delete cat -> ?
            4 5 delete cat -> not found
            death 10
            11 12 classes -> cat 1

            accepts that it finds a class whose only delivery failed
            1 2 deliver cat/1 -> ?
            3 4 delete cat -> done

            convicts one that finds a class which never was
            1 2 delete cat -> done""");

    private static final Cases SEALS = new Cases("for a seal", """
            accepts that new samples are refused, and that old ones are duplicates
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 seal cat -> done
            5 6 deliver cat/1 cat/2 -> 0 new, 1 known, refused cat/2
            7 8 deliver cat/1 -> 0 new, 1 known

            accepts that the other classes of the delivery get their samples
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 seal cat -> done
            5 6 deliver cat/2 dog/1 -> 1 new, 0 known, refused cat/2
            death 7
            8 9 deliver dog/1 -> 0 new, 1 known

            convicts a service that stores a sample it refuses
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 seal cat -> done
            5 6 deliver cat/2 -> 0 new, 0 known, refused cat/2
            7 8 status -> 2 of 1

            convicts a service that counts a refused sample as a duplicate
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 seal cat -> done
            5 6 deliver cat/2 cat/3 -> 0 new, 1 known, refused cat/2

            convicts a service that refuses a sample it has
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 seal cat -> done
            5 6 deliver cat/1 -> 0 new, 0 known, refused cat/1

            convicts a service that loses what it counted beside a refusal
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 seal cat -> done
            5 6 deliver cat/2 dog/1 -> 1 new, 0 known, refused cat/2
            7 8 deliver dog/1 -> 1 new, 0 known

            convicts a service that accepts new samples after the answer
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 seal cat -> done
            5 6 deliver cat/2 -> 1 new, 0 known

            convicts a service that forgets it after a kill
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 seal cat -> done
            death 5
            6 7 classes -> cat 1

            convicts a service that does not find an acknowledged class
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 seal cat -> not found

            convicts a service that refuses samples of a class that is not sealed
            1 2 deliver cat/1 -> 1 new, 0 known
            3 4 deliver cat/2 -> 0 new, 0 known, refused cat/2""");

    static Stream<Case> cases() {
        return Stream.of(SAMPLES, KILLS, DELETES, SEALS).flatMap(Cases::cases);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case each) {
        Verdict verdict = HistoryChecker.check(Script.of(each.history()));
        assertThat(verdict).isInstanceOf(each.explained() ? Verdict.Explained.class : Verdict.Unexplained.class);
    }
}
