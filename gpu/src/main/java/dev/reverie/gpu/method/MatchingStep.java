package dev.reverie.gpu.method;

import dev.reverie.gpu.augment.Augmentation;
import dev.reverie.gpu.augment.ImageMap;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.Activations;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.Cotangents;
import dev.reverie.gpu.network.Direction;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.objective.Distance;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.tensor.Lanes;
import dev.reverie.gpu.tensor.Scratch;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * One class step of gradient matching: the distance D between the gradients of the convolution weights on real and on
 * decoded synthetic images, and its derivative by the stored synthetic images (DREAM, equation 2).
 *
 * <p>With v the derivative of D by the synthetic gradient, the derivative by the images is that of the inner product of
 * gradient and v with v held fixed, so one tangent pass gives it and no tape is kept. Both batches see the same draw of
 * the augmentation.
 */
final class MatchingStep {

    /** Output units per piece of work. */
    private static final int UNITS = 32;

    private final ConvNet network;
    private final Lanes lanes;
    private final Distance distance;
    private final MultiFormation formation;
    private final ImageShape shape;
    private final MatchTask task;
    private final ImageMap view;
    private final List<Integer> decoded;
    private final double[][] stored;

    /**
     * Prepares a step.
     *
     * @param stored the synthetic images of the task; a check of derivatives moves them by less than its floats resolve
     * @param normalise applied before the augmentation
     */
    MatchingStep(
            MatchTask task,
            double[][] stored,
            ConvNet network,
            Lanes lanes,
            DistillationSettings.Matching settings,
            MultiFormation formation,
            ImageMap normalise) {
        this.task = task;
        this.network = network;
        this.lanes = lanes;
        this.distance = settings.distance();
        this.formation = formation;
        this.shape = formation.shape();
        RandomGenerator random = Draws.generator(task.draw());
        this.view =
                normalise.then(Augmentation.of(settings.augmentation(), shape).draw(random));
        this.decoded = subsample(stored.length * formation.cells(), settings.maxDecoded(), random);
        this.stored = stored;
    }

    private static List<Integer> subsample(int available, int most, RandomGenerator random) {
        return available <= most
                ? IntStream.range(0, available).boxed().toList()
                : RandomSelection.of(available, most, random.nextLong());
    }

    /**
     * Distance and derivative.
     *
     * @param byBlock the part of each convolution block in the loss, from the input on
     * @param gradient of the loss by each stored image
     */
    record Result(double loss, List<Double> byBlock, List<double[]> gradient) {

        Result {
            byBlock = List.copyOf(byBlock);
            gradient = List.copyOf(gradient);
        }
    }

    Result run(Scratch scratch) {
        List<MicroBatch> real = MicroBatch.cut(task.real().size());
        List<MicroBatch> synthetic = MicroBatch.cut(decoded.size());
        List<Part> parts = lanes.map(real.size() + synthetic.size(), (index, lane) -> {
            return index < real.size()
                    ? realPart(real.get(index), lane)
                    : syntheticPart(synthetic.get(index - real.size()), lane);
        });
        Direction direction = Direction.zeroOfBlocks(network, scratch);
        List<Double> distances =
                compare(parts.subList(0, real.size()), parts.subList(real.size(), parts.size()), direction);
        double[][] gradient = imageGradient(parts.subList(real.size(), parts.size()), synthetic, direction);
        lanes.reset();
        scratch.reset();
        return new Result(total(distances), byBlock(distances), List.of(gradient));
    }

    private static double total(List<Double> distances) {
        return distances.stream().mapToDouble(Double::doubleValue).sum();
    }

    private List<Double> byBlock(List<Double> distances) {
        int depth = network.architecture().depth();
        int each = distances.size() / depth;
        return IntStream.range(0, depth)
                .mapToObj(block -> total(distances.subList(block * each, (block + 1) * each)))
                .toList();
    }

    /** What a micro-batch contributes; a real one keeps its gradient only. */
    private sealed interface Part {

        ParameterSet gradient();

        record Real(ParameterSet gradient) implements Part {}

        record Synthetic(Activations activations, Cotangents cotangents) implements Part {

            @Override
            public ParameterSet gradient() {
                return cotangents.gradient();
            }
        }
    }

    private Part realPart(MicroBatch batch, Scratch scratch) {
        ParameterSet gradient = network.blockGradient(scratch);
        try (Scratch.Scope temporary = scratch.scope()) {
            Tensor x =
                    batch.load(shape, index -> view.apply(task.real().get(index).values()), scratch);
            network.forward(x, scratch)
                    .backward(targets(batch.size()), 1.0 / task.real().size(), gradient, scratch);
        }
        return new Part.Real(gradient);
    }

    private Part syntheticPart(MicroBatch batch, Scratch scratch) {
        IntFunction<double[]> images = index -> view.apply(decode(decoded.get(index)));
        Activations activations = network.forward(batch.load(shape, images, scratch), scratch);
        Cotangents cotangents = activations.backward(
                targets(batch.size()), 1.0 / decoded.size(), network.blockGradient(scratch), scratch);
        return new Part.Synthetic(activations, cotangents);
    }

    private double[] decode(int index) {
        return formation.decode(
                stored[formation.storedOf(index, stored.length)], formation.cellOf(index, stored.length));
    }

    private double[][] targets(int samples) {
        double[] target = new double[network.architecture().classes()];
        target[task.label()] = 1;
        double[][] targets = new double[samples][];
        Arrays.fill(targets, target);
        return targets;
    }

    /**
     * D in pieces: some of the output units of a block in each, block after block. Its derivative by the synthetic
     * gradient goes to {@code direction}.
     */
    private List<Double> compare(List<Part> real, List<Part> synthetic, Direction direction) {
        int width = network.architecture().width();
        int pieces = Math.ceilDiv(width, UNITS);
        int depth = network.architecture().depth();
        List<Double> distances = lanes.map(depth * pieces, (index, lane) -> {
            int block = index / pieces;
            int first = index % pieces * UNITS;
            double sum = 0;
            for (int unit = first; unit < Math.min(first + UNITS, width); unit++) {
                sum += compareUnit(
                        block, unit, real, synthetic, direction.parameters().convolution(block));
            }
            return sum;
        });
        lanes.forEach(depth, block -> direction.changed(block, network.kernels()));
        return distances;
    }

    private double compareUnit(int block, int unit, List<Part> real, List<Part> synthetic, Tensor derivative) {
        int length = Math.toIntExact(derivative.size() / derivative.dimension(0));
        double[] row = new double[length];
        double loss = distance.ofUnit(sum(real, block, unit, length), sum(synthetic, block, unit, length), row);
        derivative.write((long) unit * length, row);
        return loss;
    }

    private static double[] sum(List<Part> parts, int block, int unit, int length) {
        double[] sum = new double[length];
        double[] row = new double[length];
        for (Part part : parts) {
            part.gradient().convolution(block).read((long) unit * length, row);
            for (int i = 0; i < length; i++) {
                sum[i] += row[i];
            }
        }
        return sum;
    }

    /** Carries the derivative through the tangent pass, the augmentation and the decoding back to the stored images. */
    private double[][] imageGradient(List<Part> parts, List<MicroBatch> cut, Direction direction) {
        double[][] gradient = new double[stored.length][shape.size()];
        lanes.map(cut.size(), (index, lane) -> {
            Part.Synthetic part = (Part.Synthetic) parts.get(index);
            try (Scratch.Scope temporary = lane.scope()) {
                Tensor byView = part.activations().imageGradientOf(direction, part.cotangents(), lane);
                double[] image = new double[shape.size()];
                for (int i = 0; i < cut.get(index).size(); i++) {
                    byView.read((long) i * image.length, image);
                    int which = decoded.get(cut.get(index).start() + i);
                    // cells of one stored image do not overlap, so lanes never write to the same pixel
                    formation.addAdjoint(
                            view.adjoint(image),
                            formation.cellOf(which, stored.length),
                            gradient[formation.storedOf(which, stored.length)]);
                }
            }
            return index;
        });
        return gradient;
    }
}
