package dev.reverie.deploy.history;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Writes a history by hand. A sample is written as its label, a slash, and its id. */
final class Script {

    private final List<Operation> operations = new ArrayList<>();
    private final List<Long> deaths = new ArrayList<>();

    /** Begins an operation that was sent and ended at these times. */
    Entry at(long sent, long ended) {
        return new Entry(sent, ended);
    }

    void deathAt(long time) {
        deaths.add(time);
    }

    History history() {
        return new History(operations, deaths);
    }

    private static List<SampleKey> keys(String... samples) {
        return Stream.of(samples)
                .map(sample -> sample.split("/", -1))
                .map(names -> new SampleKey(names[0], names[1]))
                .toList();
    }

    /** The request of one operation, before its answer. */
    final class Entry {

        private final long sent;
        private final long ended;

        private Entry(long sent, long ended) {
            this.sent = sent;
            this.ended = ended;
        }

        Sent deliver(String... samples) {
            return new Sent(this, new Request.Deliver(keys(samples)));
        }

        Sent delete(String label) {
            return new Sent(this, new Request.Delete(label));
        }

        Sent seal(String label) {
            return new Sent(this, new Request.Seal(label));
        }

        Sent readClasses() {
            return new Sent(this, new Request.ReadClasses());
        }

        Sent readStatus() {
            return new Sent(this, new Request.ReadStatus());
        }

        Sent readMemory() {
            return new Sent(this, new Request.ReadMemory());
        }
    }

    /** A request that waits for its answer. */
    final class Sent {

        private final Entry entry;
        private final Request request;

        private Sent(Entry entry, Request request) {
            this.entry = entry;
            this.request = request;
        }

        void accepted(int accepted, int duplicates) {
            gets(new Answer.Accepted(accepted, duplicates));
        }

        /** Ends with an answer that counts samples and refuses others. */
        void refuses(int accepted, int duplicates, String... refused) {
            gets(new Answer.Accepted(accepted, duplicates, keys(refused)));
        }

        void unanswered() {
            gets(new Answer.Unknown("the connection was closed"));
        }

        void gets(Answer answer) {
            int number = operations.size();
            operations.add(new Operation(number, "client-" + number, request, answer, entry.sent, entry.ended));
        }
    }
}
