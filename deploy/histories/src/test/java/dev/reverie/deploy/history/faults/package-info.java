/**
 * Faults in a running service. A Java agent weaves named failpoints into the classes of the service when they are
 * loaded; the production code knows nothing of them. A process with the agent reads commands from its standard input
 * and reports on its standard output when a failpoint was reached
 * ({@link dev.reverie.deploy.history.faults.FaultControl}). The same agent can weave a
 * {@link dev.reverie.deploy.history.faults.Mutant}, which breaks one promise of the service.
 */
@NullMarked
package dev.reverie.deploy.history.faults;

import org.jspecify.annotations.NullMarked;
