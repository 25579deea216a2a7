package dev.reverie.gpu.foreign;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.ForeignFile;
import dev.reverie.gpu.network.Predictor;
import dev.reverie.gpu.synthetic.BilinearUpsampling;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A network of another program, applied to the images of a dataset, which it gets in its own size and normalisation.
 * Its features are the output {@code features}, its logits the output {@code logits}, or its only output. Not thread
 * safe.
 */
public final class ForeignModel implements AutoCloseable {

    private static final int BATCH = 32;

    /** Weights of red, green and blue in a grey image (ITU-R BT.601). */
    private static final double[] LUMINANCE = {0.299, 0.587, 0.114};

    /** Names of the values in the metadata of a file. */
    private static final String MEAN = "mean";

    private static final String STD = "std";
    private static final String CLASSES = "classes";

    /** Names of outputs. */
    private static final String FEATURES = "features";

    private static final String LOGITS = "logits";

    private final Path file;
    private final ForeignNetwork network;
    private final ImageShape images;
    private final ImageShape input;
    private final BilinearUpsampling resizing;
    private final Normalisation normalisation;
    private final String output;
    private final List<Integer> classOutputs;

    private ForeignModel(ForeignFile from, ForeignNetwork network, ImageShape images) {
        this.file = from.file();
        this.classOutputs = from.outputs();
        this.network = network;
        this.images = images;
        this.input = inputShape();
        this.resizing = BilinearUpsampling.of(images.height(), images.width(), input);
        this.normalisation = from.normalisation()
                .or(this::ofMetadata)
                .filter(known -> known.fits(input) || known.mean().size() == 1)
                .orElseThrow(() -> new DatasetException(file + " does not say how its images are normalised, for "
                        + input.channels() + " channels: add --model-mean and --model-std, for networks of ImageNet"
                        + " usually 0.485,0.456,0.406 and 0.229,0.224,0.225, or 0 and 1 for images from 0 to 1"));
        this.output = output(from.classifies() ? LOGITS : FEATURES);
    }

    /**
     * Opens a network for images of a shape; the caller closes it.
     *
     * @throws DatasetException if the network cannot be read, or does not fit; the message says why
     */
    public static ForeignModel open(ForeignFile file, ImageShape images) {
        ForeignNetwork network = ForeignNetwork.open(file.file());
        try {
            return new ForeignModel(file, network, images);
        } catch (RuntimeException | Error failure) {
            network.close();
            throw failure;
        }
    }

    /** The size of the network's input, or that of the images where it takes any. */
    private ImageShape inputShape() {
        ForeignNetwork.Input takes = network.input();
        int channels = takes.channels() == 0 ? images.channels() : takes.channels();
        if (channels != images.channels() && images.channels() != 1 && !isGreyOfColour(channels)) {
            throw new DatasetException(
                    file + " takes images of " + channels + " channels, but those of the dataset have "
                            + images.channels() + ": choose a network for " + images.channels() + " channels");
        }
        return new ImageShape(
                channels,
                takes.height() == 0 ? images.height() : takes.height(),
                takes.width() == 0 ? images.width() : takes.width());
    }

    private boolean isGreyOfColour(int channels) {
        return channels == 1 && images.channels() == LUMINANCE.length;
    }

    private Optional<Normalisation> ofMetadata() {
        Map<String, String> about = network.metadata();
        if (!about.containsKey(MEAN) || !about.containsKey(STD)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Normalisation(numbers(about.getOrDefault(MEAN, "")), numbers(about.getOrDefault(STD, ""))));
        } catch (IllegalArgumentException unreadable) {
            throw new DatasetException(
                    file + " has no readable normalisation in its metadata (" + unreadable.getMessage()
                            + "): add --model-mean and --model-std",
                    unreadable);
        }
    }

    private static List<Double> numbers(String text) {
        return Arrays.stream(text.replaceAll("[\\[\\]()]", "").split(","))
                .map(Double::valueOf)
                .toList();
    }

    /** The output of the wanted name, or the only one. */
    private String output(String wanted) {
        List<String> there = network.outputs();
        if (there.contains(wanted)) {
            return wanted;
        }
        if (there.size() == 1) {
            return there.getFirst();
        }
        throw new DatasetException(file + " has the outputs " + String.join(", ", there)
                + ": export it with one output, or name one of them " + wanted);
    }

    /** Computes the features of images with values in [0, 1], one row for each, or the logits of the classes. */
    public double[][] rows(int count, IntFunction<double[]> values) {
        double[][] rows = all(count, values);
        return classOutputs.isEmpty()
                ? rows
                : Arrays.stream(rows).map(this::ofClasses).toArray(double[][]::new);
    }

    private double[][] all(int count, IntFunction<double[]> values) {
        double[][] rows = new double[count][];
        int fixed = network.input().batch();
        int most = fixed == 0 ? BATCH : fixed;
        for (int first = 0; first < count; first += most) {
            int here = Math.min(most, count - first);
            int run = fixed == 0 ? here : fixed;
            float[] batch = new float[Math.multiplyExact(run, input.size())];
            int from = first;
            IntStream.range(0, here).parallel().forEach(i -> load(values.apply(from + i), batch, i * input.size()));
            double[][] computed = network.run(output, batch, run, input.height(), input.width());
            System.arraycopy(computed, 0, rows, first, here);
        }
        return rows;
    }

    private double[] ofClasses(double[] row) {
        return classOutputs.stream().mapToDouble(place -> row[place]).toArray();
    }

    /** Writes an image in the size and normalisation of the network; a grey one into each channel. */
    private void load(double[] image, float[] batch, int to) {
        double[] resized = new double[input.planeSize()];
        for (int channel = 0; channel < input.channels(); channel++) {
            resizing.apply(plane(image, channel), resized, 0);
            int known = Math.min(channel, normalisation.mean().size() - 1);
            double mean = normalisation.mean().get(known);
            double std = normalisation.std().get(known);
            for (int i = 0; i < resized.length; i++) {
                batch[to + channel * resized.length + i] = (float) ((resized[i] - mean) / std);
            }
        }
    }

    /** The channel of an image that becomes a channel of the network. */
    private double[] plane(double[] image, int channel) {
        int size = images.planeSize();
        if (input.channels() < images.channels()) {
            return IntStream.range(0, size)
                    .mapToDouble(i -> IntStream.range(0, LUMINANCE.length)
                            .mapToDouble(colour -> LUMINANCE[colour] * image[colour * size + i])
                            .sum())
                    .toArray();
        }
        int from = Math.min(channel, images.channels() - 1) * size;
        return Arrays.copyOfRange(image, from, from + size);
    }

    /**
     * Returns this network as a predictor, which closes it.
     *
     * @param dataset normalisation of the images that the predictor gets
     */
    public Predictor predictor(Normalisation dataset) {
        return new Predictor() {
            @Override
            public List<double[]> logits(int count, IntFunction<double[]> normalised) {
                return List.of(rows(count, i -> denormalised(normalised.apply(i), dataset)));
            }

            @Override
            public void close() {
                ForeignModel.this.close();
            }
        };
    }

    private double[] denormalised(double[] normalised, Normalisation dataset) {
        double[] values = normalised.clone();
        for (int at = 0; at < values.length; at++) {
            int channel = at / images.planeSize();
            values[at] =
                    values[at] * dataset.std().get(channel) + dataset.mean().get(channel);
        }
        return values;
    }

    /**
     * Returns the output of each class: that of its name, if the file names its classes; otherwise the outputs in their
     * order, of which there must be as many.
     *
     * @throws DatasetException if the network lacks a class, or has another number of outputs
     */
    public List<Integer> outputsOf(List<String> classNames) {
        String named = network.metadata().getOrDefault(CLASSES, "").strip();
        if (named.isEmpty()) {
            requireAsMany(classNames.size());
            return IntStream.range(0, classNames.size()).boxed().toList();
        }
        List<String> there = Arrays.stream(named.split(named.contains("\n") ? "\n" : ","))
                .map(String::strip)
                .toList();
        return classNames.stream()
                .map(name -> {
                    if (!there.contains(name)) {
                        throw new DatasetException(file + " does not know the class '" + name
                                + "': choose a network that was trained on the classes of the dataset");
                    }
                    return there.indexOf(name);
                })
                .toList();
    }

    private void requireAsMany(int classes) {
        int length = all(1, _ -> new double[images.size()])[0].length;
        if (length != classes) {
            throw new DatasetException(file + " has " + length + " outputs, but there are " + classes
                    + " classes: name its classes in the metadata of the file, as '" + CLASSES
                    + "', separated by commas");
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
