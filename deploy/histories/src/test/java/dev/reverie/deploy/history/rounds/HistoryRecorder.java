package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.History;
import dev.reverie.deploy.history.Operation;
import dev.reverie.deploy.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Records the operations of several clients on one clock. Thread safe. */
public final class HistoryRecorder {

    private final List<Operation> operations = new ArrayList<>();
    private final List<Long> deaths = new ArrayList<>();

    /** Sends a request and records its answer. */
    public Answer record(String client, Request request, Supplier<Answer> send) {
        long sent = System.nanoTime();
        Answer answer = send.get();
        long ended = System.nanoTime();
        add(client, request, answer, sent, ended);
        return answer;
    }

    private synchronized void add(String client, Request request, Answer answer, long sent, long ended) {
        operations.add(new Operation(operations.size(), client, request, answer, sent, ended));
    }

    /** Records that the process has ended. All clients must have stopped. */
    synchronized void died() {
        deaths.add(System.nanoTime());
    }

    synchronized int size() {
        return operations.size();
    }

    public synchronized History history() {
        return new History(operations, deaths);
    }
}
