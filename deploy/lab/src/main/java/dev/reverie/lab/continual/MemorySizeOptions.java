package dev.reverie.lab.continual;

import dev.reverie.deploy.cli.DatasetSizeCheck;
import dev.reverie.deploy.cli.OptionCheck;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The options that determine how many images a memory stores, and how they are coded. */
final class MemorySizeOptions {

    private static final int MAX_IPC = 1000;
    private static final int LEARNED_IPC = 100;
    private static final List<Integer> DEFAULT_BYTES = List.of(16 << 10);

    @Option(
            names = "--bytes-per-class",
            paramLabel = "B,B",
            split = ",",
            description = "Coded size of the stored images per class in every memory, which stores as many images as"
                    + " fit (default: 16384). With several sizes, the experiment runs once for each, in a folder of"
                    + " --out that is named after it.")
    List<Integer> bytesPerClass = List.of();

    @Option(
            names = "--ipc",
            paramLabel = "N",
            description = "Stored images per class in every memory, instead of --bytes-per-class. With it, the most"
                    + " that a learned memory stores (default: " + LEARNED_IPC + ").")
    Optional<Integer> ipc = Optional.empty();

    @Option(
            names = "--total-images",
            paramLabel = "N",
            description = "Stored images of all classes together in every memory, instead of --bytes-per-class. They"
                    + " are divided equally among the classes so far; the earlier classes drop images when others"
                    + " arrive.")
    Optional<Integer> totalImages = Optional.empty();

    @Option(
            names = "--coding",
            paramLabel = "C",
            defaultValue = "webp",
            description = "Format of the picture with the stored images of a class: webp, jpeg or png (default:"
                    + " ${DEFAULT-VALUE}).")
    PictureFormat coding = PictureFormat.WEBP;

    @Option(
            names = "--quality",
            paramLabel = "Q",
            defaultValue = "30",
            description = "Quality of the pictures, 1 to 100 (default: ${DEFAULT-VALUE}).")
    int quality;

    @Option(
            names = "--real-qualities",
            paramLabel = "Q,Q",
            split = ",",
            defaultValue = "90,70,50,30",
            description = "Qualities at which memories of real images fill --bytes-per-class, each evaluated for"
                    + " itself; the tables and charts show the best (default: ${DEFAULT-VALUE}).")
    List<Integer> realQualities = List.of();

    void check() {
        OptionCheck.range("--ipc", ipc, 1, MAX_IPC);
        OptionCheck.range("--total-images", totalImages, 1, Integer.MAX_VALUE);
        OptionCheck.range("--quality", Optional.of(quality), 1, 100);
        OptionCheck.distinct("--bytes-per-class", bytesPerClass)
                .forEach(bytes -> OptionCheck.range("--bytes-per-class", Optional.of(bytes), 1, Integer.MAX_VALUE));
        OptionCheck.distinct("--real-qualities", realQualities)
                .forEach(each -> OptionCheck.range("--real-qualities", Optional.of(each), 1, 100));
        if (totalImages.isPresent() && (ipc.isPresent() || !bytesPerClass.isEmpty())) {
            throw new InputException("--total-images sets the size of the memories, as do --ipc and --bytes-per-class:"
                    + " use only one of them");
        }
    }

    /**
     * Returns the sizes of the memories, one for each experiment.
     *
     * @param steps number of steps in which the classes arrive, at most the number of classes
     * @throws InputException if the dataset is too small for a number of images
     */
    List<MemorySize> sizes(Dataset dataset, int steps) {
        int factor = Presets.defaultFactor(Method.DREAM);
        if (totalImages.isPresent()) {
            int total = totalImages.get();
            int firstClasses = Math.ceilDiv(dataset.classes(), steps);
            OptionCheck.range("--total-images", totalImages, dataset.classes(), MAX_IPC * dataset.classes());
            DatasetSizeCheck.require(
                    dataset, total, firstClasses, factor, most -> "--total-images can be at most " + most);
            return List.of(size(total / firstClasses, OptionalLong.empty()));
        }
        if (ipc.isPresent() && bytesPerClass.isEmpty()) {
            DatasetSizeCheck.require(dataset, ipc.get(), factor);
            return List.of(size(ipc.get(), OptionalLong.empty()));
        }
        List<Integer> bytes = bytesPerClass.isEmpty() ? DEFAULT_BYTES : bytesPerClass;
        return bytes.stream()
                .map(each -> size(ipc.orElse(LEARNED_IPC), OptionalLong.of(each)))
                .toList();
    }

    private MemorySize size(int images, OptionalLong bytes) {
        return new MemorySize(images, totalImages, new Coding(coding, quality, bytes), realQualities);
    }
}
