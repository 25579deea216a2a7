package dev.reverie.actors.checkpoint;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.ExpertTraining;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import dev.reverie.gpu.method.RepresentativeSettings;
import dev.reverie.gpu.method.ScheduleSettings;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Identifies a run by its data and all its settings except the number of outer iterations. A run can resume only from a
 * checkpoint with the same fingerprint, because otherwise the result would differ.
 *
 * @param entries values by name; names and values appear in messages to users
 */
public record RunFingerprint(Map<String, String> entries) {

    /** The text of a record, for example {@code Network[width=32, depth=3]}. */
    private static final Pattern RECORD = Pattern.compile("\\p{Upper}\\w*\\[\\w+=.*\\]");

    /** Entries whose values are names that users have given, which appear as they are. */
    private static final Set<String> NAMES_OF_USERS = Set.of("dataset", "classes");

    private static final Pattern OPTIONAL = Pattern.compile("^Optional\\[(.*)\\]$");

    /** The name of an enum constant. */
    private static final Pattern CONSTANT = Pattern.compile("\\p{Upper}[\\p{Upper}_]+");

    private static final Pattern COMPONENT_END = Pattern.compile(", (?=\\w+=)");

    public RunFingerprint {
        entries = Map.copyOf(entries);
    }

    public static RunFingerprint of(Dataset dataset, DistillationSettings settings) {
        ScheduleSettings schedule = settings.schedule();
        Map<String, String> entries = new TreeMap<>(ofData(dataset));
        entries.putAll(Map.ofEntries(
                Map.entry("method", settings.method().label()),
                Map.entry("objective", settings.composition().objective().label()),
                Map.entry(
                        "selection of representatives",
                        settings.composition().representatives().toString()),
                Map.entry("start", settings.composition().initialiser().toString()),
                Map.entry("ipc", Integer.toString(settings.ipc())),
                Map.entry("factor", Integer.toString(settings.factor())),
                Map.entry("network", networkText(settings.network())),
                Map.entry("matching", text("Matching", settings.matching())),
                Map.entry("representatives", text("Representatives", representatives(settings))),
                Map.entry("inner loops", Integer.toString(schedule.innerLoops())),
                Map.entry("network samples", Integer.toString(schedule.networkSamples())),
                Map.entry("network batch", Integer.toString(schedule.networkBatch())),
                Map.entry("selection samples", Integer.toString(schedule.selectionSamples())),
                Map.entry("warm-up samples", Integer.toString(schedule.warmUpSamples())),
                Map.entry("seed", Long.toString(settings.seed()))));
        settings.trajectory().ifPresent(trajectory -> entries.put("trajectory", text("Trajectory", trajectory)));
        settings.fit().ifPresent(fit -> entries.put("fitted model", fit.toString()));
        settings.foreign()
                .ifPresent(network -> entries.put(
                        "network of another program",
                        network.sha256() + " " + network.normalisation() + " " + network.outputs()));
        settings.guidance().ifPresent(guidance -> entries.put("guidance", text("Guidance", guidance)));
        entries.putAll(laterSettings(schedule));
        entries.putAll(ofArchitectures(settings.network()));
        if (settings.style().present()) {
            entries.put("style", text("StyleWeights", settings.style()));
        }
        return new RunFingerprint(entries);
    }

    /**
     * Formats the components of a record under a fixed name. Checkpoints contain this text. The fixed name keeps it the
     * same when the class is renamed; a new or renamed component or enum constant changes it, so that older checkpoints
     * cannot be resumed.
     */
    private static String text(String name, Record components) {
        String text = components.toString();
        return name + text.substring(text.indexOf('['));
    }

    /** Existing checkpoints of trajectory matching say one candidate if no network chooses the initial images. */
    private static RepresentativeSettings representatives(DistillationSettings settings) {
        RepresentativeSettings representatives = settings.representatives();
        boolean unlimited = representatives.candidates() == Integer.MAX_VALUE;
        return unlimited
                        && settings.trajectory().isPresent()
                        && !settings.composition().choosesByNetwork()
                ? representatives.withCandidates(1)
                : representatives;
    }

    /** The text of the network's settings without the architectures, which older checkpoints lack. */
    private static String networkText(NetworkSettings network) {
        return text("Network", network).replace(", architectures=" + network.architectures(), "");
    }

    private static Map<String, String> ofArchitectures(NetworkSettings network) {
        return network.onlyConvNets()
                ? Map.of()
                : Map.of(
                        "architectures",
                        network.architectures().stream()
                                .map(MatchingArchitecture::label)
                                .collect(Collectors.joining(", ")));
    }

    /** Settings that older checkpoints lack; only values other than the former behaviour are entered. */
    private static Map<String, String> laterSettings(ScheduleSettings schedule) {
        Map<String, String> entries = new TreeMap<>();
        if (schedule.jointStep()) {
            entries.put("step of the images", "all classes jointly");
        }
        if (schedule.clampEveryLoop()) {
            entries.put("clamping of the images", "in every inner loop");
        }
        entries.putAll(ofRate(schedule));
        return entries;
    }

    private static Map<String, String> ofRate(ScheduleSettings schedule) {
        return schedule.warmUpDecay() ? Map.of("learning rate of a new network", "drops") : Map.of();
    }

    /** The fingerprint that an expert must have to fit a run; the seed is not part of it. */
    public static RunFingerprint ofExpert(Dataset dataset, DistillationSettings settings, ExpertTraining training) {
        Map<String, String> entries = new TreeMap<>(ofData(dataset));
        entries.put("network", networkText(settings.network()));
        entries.put("network batch", Integer.toString(settings.schedule().networkBatch()));
        entries.put("epochs", training.epochs() + " of " + training.epochSamples() + " images");
        entries.putAll(ofRate(settings.schedule()));
        entries.putAll(ofArchitectures(settings.network()));
        if (training.decay() != 1) {
            entries.put("learning rate after each epoch", "times " + training.decay());
        }
        return new RunFingerprint(entries);
    }

    /** The path of a folder is not compared, because one folder can have several paths. */
    private static Map<String, String> ofData(Dataset dataset) {
        return Map.of(
                "dataset", dataset.isFolder() ? Dataset.FOLDER : dataset.name(),
                "classes", String.join(", ", dataset.classNames()),
                "training images", dataset.train().size() + " of " + dataset.shape(),
                "checksum of the training images", checksum(dataset.train()),
                "normalisation", text("Normalisation", dataset.normalisation()));
    }

    /**
     * The first difference from {@code here}, in the order of names, for example {@code "ipc: 10 there, 20 here"} or
     * {@code "network: width: 32 there, 64 here"}.
     *
     * @param ignored names of entries that may differ
     */
    public Optional<String> differenceFrom(RunFingerprint here, String... ignored) {
        Set<String> mayDiffer = Set.of(ignored);
        return Stream.concat(entries.keySet().stream(), here.entries.keySet().stream())
                .distinct()
                .sorted()
                .filter(name -> !mayDiffer.contains(name))
                .filter(name -> !Objects.equals(entries.get(name), here.entries.get(name)))
                .map(name -> difference(
                        name, entries.getOrDefault(name, "nothing"), here.entries.getOrDefault(name, "nothing")))
                .findFirst();
    }

    /** Names an entry that differs or, if both values are of a record, the first component that differs. */
    private static String difference(String name, String there, String here) {
        if (NAMES_OF_USERS.contains(name)) {
            return name + ": " + there + " there, " + here + " here";
        }
        Map<String, String> ofHere = components(here);
        return components(there).entrySet().stream()
                .flatMap(component -> Stream.ofNullable(ofHere.get(component.getKey()))
                        .filter(other -> !component.getValue().equals(other))
                        .map(other -> difference(name + ": " + words(component.getKey()), component.getValue(), other)))
                .findFirst()
                .orElseGet(() -> name + ": " + shown(there) + " there, " + shown(here) + " here");
    }

    /** Formats a stored value for a message, for example {@code k-means} for {@code Optional[K_MEANS]}. */
    private static String shown(String value) {
        String content = OPTIONAL.matcher(value).replaceFirst("$1");
        Map<String, String> components = components(content);
        if (!components.isEmpty()) {
            return components.entrySet().stream()
                    .map(component -> words(component.getKey()) + " " + shown(component.getValue()))
                    .collect(Collectors.joining(", "));
        }
        if (content.equals(Optional.empty().toString())) {
            return "nothing";
        }
        return CONSTANT.matcher(content).matches()
                ? content.toLowerCase(Locale.ROOT).replace('_', '-')
                : content;
    }

    /** The components of a record by name, in order; empty for any other value. */
    private static Map<String, String> components(String value) {
        Map<String, String> components = new LinkedHashMap<>();
        if (RECORD.matcher(value).matches()) {
            String inner = value.substring(value.indexOf('[') + 1, value.length() - 1);
            for (String component : COMPONENT_END.split(inner)) {
                int equals = component.indexOf('=');
                components.put(component.substring(0, equals), component.substring(equals + 1));
            }
        }
        return components;
    }

    private static String words(String camelCase) {
        return camelCase.replaceAll("(\\p{Upper})", " $1").toLowerCase(Locale.ROOT);
    }

    private static String checksum(List<LabelledImage> images) {
        CRC32C checksum = new CRC32C();
        for (LabelledImage sample : images) {
            checksum.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(sample.label()).flip());
            sample.image().addTo(checksum);
        }
        return Long.toHexString(checksum.getValue());
    }
}
