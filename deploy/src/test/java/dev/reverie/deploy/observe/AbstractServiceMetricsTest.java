package dev.reverie.deploy.observe;

import dev.reverie.actors.loop.SteadyClock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

/** The metrics of a service with one class, whose clocks the test moves. */
abstract class AbstractServiceMetricsTest {

    final OneClass service = new OneClass();
    Instant now = Instant.ofEpochSecond(1000);
    long nanos;
    final ServiceMetrics metrics =
            new ServiceMetrics(100, () -> now, new SteadyClock(InstantSource.system(), () -> nanos));

    AbstractServiceMetricsTest() {
        metrics.registerClasses(service, _ -> OptionalLong.of(3473), () -> OptionalLong.of(17));
    }

    String scraped() throws Exception {
        return Scrape.text(metrics);
    }
}
