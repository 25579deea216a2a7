package dev.reverie.deploy.observe;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.deploy.client.ThreeNodes;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.service.IngestListener.Refused;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads the metrics that a service exposes from a scrape that contains all of them. */
final class ServiceExposition {

    private static final Pattern DESCRIPTION = Pattern.compile("(?m)^# (HELP|TYPE) (\\S+) (.*)$");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern PART_OF_HISTOGRAM = Pattern.compile("_(bucket|sum|count)$");

    private ServiceExposition() {}

    /**
     * The type, help text and labels of a metric.
     *
     * @param labels without {@code le} and {@code quantile}
     */
    record Family(String type, String help, NavigableSet<String> labels) {}

    /** Returns the metrics by name; counters have the suffix {@code _total}. */
    static NavigableMap<String, Family> families(Path storeFolder) throws Exception {
        String scrape = scrape(storeFolder);
        NavigableMap<String, Family> families = new TreeMap<>();
        DESCRIPTION
                .matcher(scrape)
                .results()
                .forEach(line -> families.merge(
                        line.group(2),
                        line.group(1).equals("TYPE")
                                ? new Family(line.group(3), "", new TreeSet<>())
                                : new Family("", line.group(3), new TreeSet<>()),
                        (one, other) ->
                                new Family(one.type() + other.type(), one.help() + other.help(), one.labels())));
        SAMPLE.matcher(scrape).results().forEach(sample -> addLabels(families, sample));
        return families;
    }

    private static void addLabels(Map<String, Family> families, MatchResult sample) {
        String name = sample.group(1);
        String family = families.containsKey(name)
                ? name
                : PART_OF_HISTOGRAM.matcher(name).replaceFirst("");
        Set<String> labels =
                Optional.ofNullable(families.get(family)).orElseThrow().labels();
        LABEL.matcher(Optional.ofNullable(sample.group(2)).orElse(""))
                .results()
                .map(label -> label.group(1))
                .filter(label -> !label.equals("le") && !label.equals("quantile"))
                .forEach(labels::add);
    }

    /** Returns the page of all metrics. */
    static String scrape(Path storeFolder) throws Exception {
        ServiceMetrics metrics = new ServiceMetrics(
                100, InstantSource.system(), new SteadyClock(InstantSource.system(), System::nanoTime));
        Image image = Image.of(new ImageShape(1, 2, 2), new byte[4]);
        metrics.registerClasses(new OneClass(), _ -> OptionalLong.of(3473), () -> OptionalLong.of(17));
        metrics.registerNodes(new ThreeNodes());
        metrics.ingestListener()
                .passed(new Delivery(IngestSource.HTTP, List.of(new Sample("cat", Optional.empty(), image))))
                .accept(Optional.of(new DeliveryOutcome.Accepted(3, 1)));
        metrics.registerStore(() -> false, Optional.of(storeFolder));
        metrics.registerPendingBytes(() -> 3000);
        metrics.registerConsumerLag(() -> 7);
        metrics.registerEngines(FakeEngines.onGpu());
        LearningEvents.events().forEach(metrics.telemetry()::on);
        metrics.ingestListener().refused(new Refused(IngestSource.HTTP, "image-invalid", 1, Optional.empty(), ""));
        return Scrape.text(metrics);
    }
}
