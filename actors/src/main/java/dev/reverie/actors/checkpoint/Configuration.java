package dev.reverie.actors.checkpoint;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.Schedule;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What a run must have in common with its checkpoint for the outcome to be the same as without an interruption: the
 * data and every setting but the number of outer iterations.
 *
 * @param entries value by name, both as a user knows them
 */
public record Configuration(Map<String, String> entries) {

    /** What names of datasets begin with that are paths; the same folder has several. */
    private static final String FOLDER = "folder:";

    public Configuration {
        entries = Map.copyOf(entries);
    }

    public static Configuration of(Dataset dataset, DistillationSettings settings) {
        Schedule schedule = settings.schedule();
        return new Configuration(Map.ofEntries(
                Map.entry("dataset", dataset.name().startsWith(FOLDER) ? FOLDER : dataset.name()),
                Map.entry("classes", String.join(", ", dataset.classNames())),
                Map.entry("training images", dataset.train().size() + " of " + dataset.shape()),
                Map.entry("checksum of the training images", checksum(dataset.train())),
                Map.entry("normalisation", dataset.normalisation().toString()),
                Map.entry("method", settings.method().label()),
                Map.entry("objective", settings.composition().objective().label()),
                Map.entry(
                        "selection of representatives",
                        settings.composition().representatives().toString()),
                Map.entry("start", settings.composition().initialiser().toString()),
                Map.entry("ipc", Integer.toString(settings.ipc())),
                Map.entry("factor", Integer.toString(settings.factor())),
                Map.entry("network", settings.network().toString()),
                Map.entry("matching", settings.matching().toString()),
                Map.entry("representatives", settings.representatives().toString()),
                Map.entry("inner loops", Integer.toString(schedule.innerLoops())),
                Map.entry("network samples", Integer.toString(schedule.networkSamples())),
                Map.entry("network batch", Integer.toString(schedule.networkBatch())),
                Map.entry("selection samples", Integer.toString(schedule.selectionSamples())),
                Map.entry("warm-up samples", Integer.toString(schedule.warmUpSamples())),
                Map.entry("seed", Long.toString(settings.seed()))));
    }

    /** The first difference, by name: {@code "ipc is 10 there, 20 here"}. */
    Optional<String> differenceFrom(Configuration here) {
        return new TreeMap<>(entries)
                .entrySet().stream()
                        .filter(entry -> !entry.getValue().equals(here.entries.get(entry.getKey())))
                        .map(entry -> entry.getKey() + " is " + entry.getValue() + " there, "
                                + here.entries.getOrDefault(entry.getKey(), "nothing") + " here")
                        .findFirst();
    }

    private static String checksum(List<LabelledImage> images) {
        CRC32C checksum = new CRC32C();
        for (LabelledImage sample : images) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(Integer.BYTES + sample.image().shape().size());
            bytes.putInt(sample.label());
            for (int i = 0; i < sample.image().shape().size(); i++) {
                bytes.put((byte) sample.image().level(i));
            }
            checksum.update(bytes.flip());
        }
        return Long.toHexString(checksum.getValue());
    }
}
