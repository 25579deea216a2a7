package dev.reverie.deploy.it;

import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import java.util.concurrent.locks.LockSupport;

/** Waits for a service that runs in another process. */
public final class ServiceState {

    /** Requests without a pause would take the processor from the service. */
    private static final long PAUSE_NS = 50_000_000;

    private ServiceState() {}

    public static void awaitReady(ReverieClient client) throws ReverieException {
        while (!client.isReady()) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Waits until the service has done this number of inner loops since its start. */
    public static void awaitLoops(ReverieClient client, long loops) throws ReverieException {
        while (client.status().innerLoops() < loops) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
