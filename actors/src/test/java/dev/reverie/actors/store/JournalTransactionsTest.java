package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.concurrent.Promise$;
import scala.runtime.BoxedUnit;

@DisplayName("A transaction of several persistent actors")
class JournalTransactionsTest {

    private static final PersistenceId CAT = PersistenceId.ofUniqueId("cat");
    private static final PersistenceId DOG = PersistenceId.ofUniqueId("dog");

    private final JournalTransactions transactions = new JournalTransactions();
    private final List<List<String>> written = new ArrayList<>();
    private final Promise<BoxedUnit> database = Promise$.MODULE$.apply();

    @Test
    @DisplayName("is written once the rows of all participants are there, and ends for all of them when it is durable")
    void writesTogether() {
        // given
        String tag = transactions.begin(List.of(CAT, DOG));

        // when
        Future<BoxedUnit> cat = write("cat", tag);
        List<List<String>> writtenBefore = List.copyOf(written);
        Future<BoxedUnit> dog = write("dog", tag);
        boolean isEndedBefore = cat.isCompleted() || dog.isCompleted();
        database.success(BoxedUnit.UNIT);

        // then
        assertThat(writtenBefore).isEmpty();
        assertThat(written).containsExactly(List.of("cat", "dog"));
        assertThat(isEndedBefore).isFalse();
        assertThat(List.of(cat, dog)).allMatch(JournalTransactionsTest::hasSucceeded);
    }

    @Test
    @DisplayName("fails for all participants if the database fails")
    void failsTogether() {
        // given
        String tag = transactions.begin(List.of(CAT, DOG));
        Future<BoxedUnit> cat = write("cat", tag);
        Future<BoxedUnit> dog = write("dog", tag);

        // when
        database.failure(new StoreException("the disk is full"));

        // then
        assertThat(List.of(cat, dog)).allMatch(JournalTransactionsTest::hasFailed);
    }

    @Test
    @DisplayName("fails and is never written if a participant is aborted, also for rows that arrive later")
    void aborts() {
        // given
        String tag = transactions.begin(List.of(CAT, DOG));
        Future<BoxedUnit> cat = write("cat", tag);

        // when
        transactions.abort(DOG);
        Future<BoxedUnit> dog = write("dog", tag);

        // then
        assertThat(List.of(cat, dog)).allMatch(JournalTransactionsTest::hasFailed);
        assertThat(written).isEmpty();
    }

    @Test
    @DisplayName("is not aborted with an actor that takes no part in it, nor once it is complete")
    void continues() {
        // given
        String tag = transactions.begin(List.of(CAT, DOG));

        // when
        transactions.abort(PersistenceId.ofUniqueId("ant"));
        Future<BoxedUnit> cat = write("cat", tag);
        Future<BoxedUnit> dog = write("dog", tag);
        transactions.abort(CAT);
        database.success(BoxedUnit.UNIT);

        // then
        assertThat(List.of(cat, dog)).allMatch(JournalTransactionsTest::hasSucceeded);
    }

    @Test
    @DisplayName("delays no rows of other events")
    void leavesOthers() {
        // given
        String tag = transactions.begin(List.of(CAT, DOG));
        write("cat", tag);

        // when
        write("ant");

        // then
        assertThat(written).containsExactly(List.of("ant"));
    }

    private Future<BoxedUnit> write(String persistenceId, String... tags) {
        return transactions.write(new JournalRows(List.of(row(persistenceId)), Set.of(tags)), rows -> {
            written.add(rows.rows().stream()
                    .map(JournalPekkoSerializationRow::persistenceId)
                    .toList());
            return database.future();
        });
    }

    private static JournalPekkoSerializationRow row(String persistenceId) {
        return new JournalPekkoSerializationRow(
                0,
                false,
                persistenceId,
                1,
                "",
                0,
                "",
                new byte[0],
                0,
                "",
                Option.empty(),
                Option.empty(),
                Option.empty());
    }

    private static boolean hasSucceeded(Future<BoxedUnit> write) {
        return write.value().exists(result -> result.isSuccess());
    }

    private static boolean hasFailed(Future<BoxedUnit> write) {
        return write.value().exists(result -> result.isFailure());
    }
}
