package dev.reverie.actors.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rows of the journal that are written together.
 *
 * @param tags tags of all rows together, which can name a transaction of {@link JournalTransactions}; they are not
 *     stored
 */
record JournalRows(List<JournalPekkoSerializationRow> rows, Set<String> tags) {

    JournalRows {
        rows = List.copyOf(rows);
        tags = Set.copyOf(tags);
    }

    /** Separates the rows of the journal from their tags. */
    static JournalRows of(
            Seq<Tuple2<JournalPekkoSerializationRow, scala.collection.immutable.Set<String>>> taggedRows) {
        List<JournalPekkoSerializationRow> rows = new ArrayList<>();
        Set<String> tags = new HashSet<>();
        CollectionConverters.asJava(taggedRows).forEach(tagged -> {
            rows.add(tagged._1());
            tags.addAll(CollectionConverters.asJava(tagged._2()));
        });
        return new JournalRows(rows, tags);
    }

    /** The rows without tags. */
    Seq<Tuple2<JournalPekkoSerializationRow, scala.collection.immutable.Set<String>>> untagged() {
        scala.collection.immutable.Set<String> none = Set$.MODULE$.empty();
        return CollectionConverters.asScala(
                        rows.stream().map(row -> new Tuple2<>(row, none)).toList())
                .toList();
    }
}
