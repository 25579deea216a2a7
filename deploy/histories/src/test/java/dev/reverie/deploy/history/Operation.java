package dev.reverie.deploy.history;

/**
 * A request and its answer.
 *
 * @param number position in the history, from 0
 * @param client name of the client; a client waits for an answer before it sends its next request
 * @param sent time before the request was sent, in ns of a clock that all clients share
 * @param ended time after the answer was received or the client stopped waiting, in ns of the same clock
 */
public record Operation(int number, String client, Request request, Answer answer, long sent, long ended) {

    public Operation {
        if (ended < sent) {
            throw new IllegalArgumentException("operation " + number + " ended before it was sent");
        }
    }

    /** Whether the client does not know if the request took effect. */
    boolean isUnknown() {
        return answer instanceof Answer.Unknown;
    }
}
