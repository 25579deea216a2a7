package dev.reverie.deploy.history.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.Operation;
import dev.reverie.deploy.history.Request;
import dev.reverie.deploy.history.SampleKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The accounts of deliveries")
class DeliveryAccountsTest {

    private static final List<SampleKey> TWO = List.of(new SampleKey("cat", "1"), new SampleKey("cat", "2"));
    private static final List<SampleKey> OTHER = List.of(new SampleKey("cat", "3"));

    private final List<Operation> history = new ArrayList<>();

    private void delivery(long sent, long ended, List<SampleKey> samples, Answer answer) {
        history.add(new Operation(history.size(), "client", new Request.Deliver(samples), answer, sent, ended));
    }

    private void read(long sent, long ended, long seen) {
        Answer answer = new Answer.Classes(Map.of("cat", new Answer.ClassView(seen, false)));
        history.add(new Operation(history.size(), "client", new Request.ReadClasses(), answer, sent, ended));
    }

    private DeliveryAccounts accounts() {
        return new DeliveryAccounts(history, "cat"::equals);
    }

    @Test
    @DisplayName("are in order if a sample was new once and a duplicate from then on")
    void inOrder() {
        delivery(1, 2, TWO, new Answer.Accepted(2, 0));
        delivery(3, 4, TWO, new Answer.Accepted(0, 2));
        delivery(5, 6, OTHER, new Answer.Unknown("no answer"));
        read(7, 8, 2);
        read(9, 10, 3);

        DeliveryAccounts accounts = accounts();

        assertThat(accounts.lost()).isZero();
        assertThat(accounts.countedTwice()).isZero();
        assertThat(accounts.inexplicable()).isEmpty();
        assertThat(accounts.fallingReads()).isEmpty();
        assertThat(accounts.durable()).containsExactly(Map.entry("cat", 2L));
        assertThat(accounts.delivered()).containsExactly(Map.entry("cat", 3L));
        assertThat(accounts.unacknowledged()).containsExactly(OTHER);
    }

    @Test
    @DisplayName("show that acknowledged samples were lost, if they are new when they are sent again")
    void lost() {
        delivery(1, 2, TWO, new Answer.Accepted(2, 0));
        delivery(3, 4, TWO, new Answer.Accepted(1, 1));

        assertThat(accounts().lost()).isOne();
    }

    @Test
    @DisplayName("show that samples were counted twice, if two deliveries at the same time both call them new")
    void countedTwice() {
        delivery(1, 4, TWO, new Answer.Accepted(2, 0));
        delivery(2, 3, TWO, new Answer.Accepted(2, 0));

        assertThat(accounts().lost()).isZero();
        assertThat(accounts().countedTwice()).isEqualTo(2);
    }

    @Test
    @DisplayName("do not explain a duplicate of what was never sent before, nor a refusal")
    void inexplicable() {
        delivery(1, 2, TWO, new Answer.Accepted(0, 2));
        delivery(3, 4, OTHER, new Answer.Accepted(0, 0, OTHER));

        assertThat(accounts().inexplicable()).hasSize(2);
    }

    @Test
    @DisplayName("neither explain a duplicate by a delivery that was called not stored, nor expect its samples")
    void denied() {
        delivery(1, 2, TWO, new Answer.NotStored("429"));
        delivery(3, 4, TWO, new Answer.Accepted(0, 2));
        delivery(5, 6, OTHER, new Answer.NotStored("507"));

        assertThat(accounts().inexplicable()).extracting(Operation::number).containsExactly(1);
        assertThat(accounts().perhapsStored()).containsExactly(Map.entry("cat", 2L));
        assertThat(accounts().delivered()).containsExactly(Map.entry("cat", 3L));
    }

    @Test
    @DisplayName("do not explain an acknowledgement that does not count each sample")
    void incomplete() {
        delivery(1, 2, TWO, new Answer.Accepted(0, 0));

        assertThat(accounts().inexplicable()).hasSize(1);
    }

    @Test
    @DisplayName("show each read in which a class has fewer samples than it had before, in the order of the reads")
    void fallingReads() {
        for (int number = 0; number < 10; number++) {
            read(2L * number, 2L * number + 1, 10 - number);
        }

        assertThat(accounts().fallingReads()).extracting(Operation::number).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    @DisplayName("give the longest time without an acknowledgement, up to the end")
    void longestGap() {
        delivery(1, 12, TWO, new Answer.Accepted(2, 0));
        delivery(13, 15, OTHER, new Answer.Accepted(1, 0));

        assertThat(accounts().longestGap("cat", 10, 20)).isEqualTo(5);
        assertThat(accounts().hasAcknowledged("cat", 12)).isTrue();
        assertThat(accounts().hasAcknowledged("cat", 13)).isFalse();
    }
}
