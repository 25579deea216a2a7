package dev.reverie.actors.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The messages that a persistent actor processes later, in the order in which it received them: those whose write
 * failed, which Pekko drops without a reply, and those that wait until the store accepts writes. The object survives
 * the restarts of the actor after a store failure; timers do not. Not thread safe.
 *
 * @param <M> type of the actor's messages
 */
public final class PostponedMessages<M> {

    private final Predicate<M> repeatable;
    private final Deque<M> messages = new ArrayDeque<>();
    private Optional<M> current = Optional.empty();

    /**
     * Creates an instance without messages.
     *
     * @param repeatable accepts messages that may be processed again after their write has failed
     */
    public PostponedMessages(Predicate<M> repeatable) {
        this.repeatable = repeatable;
    }

    /** Notes the message that the actor processes now. */
    public void onProcessing(M message) {
        current = Optional.of(message);
    }

    /**
     * Postpones the message that the actor was processing, because its write has failed. It comes before all others.
     */
    public void onFailure() {
        current.filter(repeatable).ifPresent(messages::addFirst);
        current = Optional.empty();
    }

    /** Postpones a message. It comes after all others. */
    public void add(M message) {
        messages.addLast(message);
    }

    /**
     * Postpones a message in place of the first one with a property, and drops the others with it. If there is none,
     * the message comes after all others.
     */
    public void replace(Predicate<M> property, M message) {
        Predicate<M> isKept = property.negate();
        List<M> before = messages.stream().takeWhile(isKept).toList();
        List<M> after = messages.stream().skip(before.size()).filter(isKept).toList();
        messages.clear();
        messages.addAll(before);
        messages.addLast(message);
        messages.addAll(after);
    }

    /** Drops the postponed messages with a property. */
    public void removeAll(Predicate<M> property) {
        messages.removeIf(property);
    }

    /** Whether no message is postponed. */
    public boolean isEmpty() {
        return messages.isEmpty();
    }

    /** Whether a postponed message has a property. */
    public boolean has(Predicate<M> property) {
        return messages.stream().anyMatch(property);
    }

    /** Removes the first message, if there is one, since the actor processes it now. */
    public Optional<M> next() {
        current = Optional.ofNullable(messages.pollFirst());
        return current;
    }
}
