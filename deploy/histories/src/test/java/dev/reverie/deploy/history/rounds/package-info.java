/**
 * Rounds of load and faults against a service in a process of its own. Several clients send requests while a fault
 * occurs; afterwards, the service is started again if necessary, every delivery is sent again, and the history is
 * checked.
 */
@NullMarked
package dev.reverie.deploy.history.rounds;

import org.jspecify.annotations.NullMarked;
