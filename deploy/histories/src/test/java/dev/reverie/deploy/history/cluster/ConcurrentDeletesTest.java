package dev.reverie.deploy.history.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.History;
import dev.reverie.deploy.history.HistoryChecker;
import dev.reverie.deploy.history.Operation;
import dev.reverie.deploy.history.Request;
import dev.reverie.deploy.history.SampleKey;
import dev.reverie.deploy.history.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("DELETEs of one class on several nodes")
class ConcurrentDeletesTest {

    private static final Request DELETE = new Request.Delete("cat");
    private static final Request DELIVERY = new Request.Deliver(List.of(new SampleKey("cat", "1")));

    private final List<Operation> operations = new ArrayList<>();

    private void at(long sent, long ended, Request request, Answer answer) {
        operations.add(new Operation(operations.size(), "client", request, answer, sent, ended));
    }

    private Verdict verdict() {
        History history = new History(ConcurrentDeletes.marked(operations), List.of());
        return HistoryChecker.check(history);
    }

    @Test
    @DisplayName("can each be told that the class existed if they overlap")
    void overlapping() {
        at(1, 2, DELIVERY, new Answer.Accepted(1, 0));
        at(3, 6, DELETE, new Answer.Done());
        at(4, 7, DELETE, new Answer.Done());

        assertThat(verdict()).isEqualTo(new Verdict.Explained());
    }

    @Test
    @DisplayName("can take effect in any order, and one of them without any effect")
    void beforeTheClass() {
        at(1, 9, DELETE, new Answer.Done());
        at(2, 3, DELETE, new Answer.Done());
        at(4, 5, DELIVERY, new Answer.Accepted(1, 0));
        at(6, 8, DELIVERY, new Answer.Accepted(1, 0));

        assertThat(verdict()).isEqualTo(new Verdict.Explained());
    }

    @Test
    @DisplayName("cannot be told so one after the other")
    void sequential() {
        at(1, 2, DELIVERY, new Answer.Accepted(1, 0));
        at(3, 4, DELETE, new Answer.Done());
        at(5, 6, DELETE, new Answer.Done());

        assertThat(verdict()).isInstanceOf(Verdict.Unexplained.class);
    }

    @Test
    @DisplayName("leave nothing behind")
    void leaveNothing() {
        at(1, 2, DELIVERY, new Answer.Accepted(1, 0));
        at(3, 6, DELETE, new Answer.Done());
        at(4, 7, DELETE, new Answer.Done());
        at(8, 9, new Request.ReadClasses(), new Answer.Classes(Map.of("cat", new Answer.ClassView(1, false))));

        assertThat(verdict()).isInstanceOf(Verdict.Unexplained.class);
    }
}
