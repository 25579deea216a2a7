/**
 * Checks histories of a service. A {@link dev.reverie.deploy.history.History} contains what clients sent to one
 * service, what was answered, and when the service was killed. The {@link dev.reverie.deploy.history.HistoryChecker}
 * searches for an order of events that explains every answer:
 *
 * <ul>
 *   <li>Every request takes effect between the moment it was sent and the moment it was answered. A request without an
 *       answer, or with an answer that allows both, takes effect before the service is killed or not at all.
 *   <li>A sample is new or a duplicate, as answered, and it is counted once from then on until its class is deleted.
 *   <li>The samples of a delivery that belong to one class take effect together, and independently of those of the
 *       other classes: each may become visible before the answer, and without an answer, each may be stored or not.
 *   <li>After a class is deleted, nothing shows it until a new sample creates it. After it is sealed, it gets no
 *       samples: those that it has are duplicates, and all others are refused.
 *   <li>The memory may leave out a class that does not respond.
 * </ul>
 *
 * <p>The search is complete: a history that no order explains is always found, and a history that some order explains
 * is never rejected, unless the search exceeds its budget, which the checker reports as a verdict of its own. The
 * checker knows a class by its number of samples and whether it is sealed, not by its pixels.
 *
 * <p>ADR 0037 gives the reasons.
 */
@NullMarked
package dev.reverie.deploy.history;

import org.jspecify.annotations.NullMarked;
