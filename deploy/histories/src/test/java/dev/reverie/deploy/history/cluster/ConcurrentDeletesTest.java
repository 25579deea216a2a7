package dev.reverie.deploy.history.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.history.History;
import dev.reverie.deploy.history.HistoryChecker;
import dev.reverie.deploy.history.Script;
import dev.reverie.deploy.history.Verdict;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("DELETEs of one class on several nodes")
class ConcurrentDeletesTest {

    private static Verdict verdict(String script) {
        return HistoryChecker.check(
                new History(ConcurrentDeletes.marked(Script.of(script).operations()), List.of()));
    }

    @Test
    @DisplayName("can each be told that the class existed if they overlap")
    void overlapping() {
        assertThat(verdict("""
                        1 2 deliver cat/1 -> 1 new, 0 known
                        3 6 delete cat -> done
                        4 7 delete cat -> done""")).isEqualTo(new Verdict.Explained());
    }

    @Test
    @DisplayName("can take effect in any order, and one of them without any effect")
    void beforeTheClass() {
        assertThat(verdict("""
                        1 9 delete cat -> done
                        2 3 delete cat -> done
                        4 5 deliver cat/1 -> 1 new, 0 known
                        6 8 deliver cat/1 -> 1 new, 0 known""")).isEqualTo(new Verdict.Explained());
    }

    @Test
    @DisplayName("can be told that there is no class while its first samples are stored, and delete it")
    void beforeTheFirstSamples() {
        assertThat(verdict("""
                        1 4 deliver cat/1 -> 1 new, 0 known
                        3 6 delete cat -> not found
                        7 8 deliver cat/1 -> 1 new, 0 known""")).isEqualTo(new Verdict.Explained());
        assertThat(verdict("""
                        1 2 deliver cat/1 -> 1 new, 0 known
                        3 6 delete cat -> not found
                        7 8 deliver cat/1 -> 1 new, 0 known""")).isInstanceOf(Verdict.Unexplained.class);
    }

    @Test
    @DisplayName("cannot be told so one after the other")
    void sequential() {
        assertThat(verdict("""
                        1 2 deliver cat/1 -> 1 new, 0 known
                        3 4 delete cat -> done
                        5 6 delete cat -> done""")).isInstanceOf(Verdict.Unexplained.class);
    }

    @Test
    @DisplayName("leave nothing behind")
    void leaveNothing() {
        assertThat(verdict("""
                        1 2 deliver cat/1 -> 1 new, 0 known
                        3 6 delete cat -> done
                        4 7 delete cat -> done
                        8 9 classes -> cat 1""")).isInstanceOf(Verdict.Unexplained.class);
    }
}
