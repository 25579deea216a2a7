/**
 * Rounds of load and faults against a cluster of three processes that share a PostgreSQL database. Clients send
 * requests to all nodes while a fault occurs. Afterwards every sample is sent again, and the history is checked in two
 * ways:
 *
 * <ul>
 *   <li>{@link dev.reverie.deploy.history.cluster.DeliveryAccounts} counts the samples of the classes that are only
 *       delivered to: none is lost and none is counted twice. This decides whether some order of the deliveries
 *       explains their answers, because a delivery that is sent again has the same samples.
 *   <li>The {@link dev.reverie.deploy.history.HistoryChecker} searches for an order of events that explains every
 *       answer about the classes that are also sealed and deleted. No request is known to have ended with a process,
 *       because the request can have reached another node. A node can show the numbers of a class late, so the checker
 *       sees only the reads after the load, when all nodes agree.
 * </ul>
 */
@NullMarked
package dev.reverie.deploy.history.cluster;

import org.jspecify.annotations.NullMarked;
